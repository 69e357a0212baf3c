import { signed } from '../core/text.ts'
import type { PairedCost, MeasuredBenchmark } from './baseline.ts'

/** A benchmark's costs by what was varied. */
interface Series {
  readonly test: string
  /** The benchmark, and how often it had been run. */
  readonly benchmark: string
  /** What is varied, such as `messageRegisters`; nothing where nothing is. */
  readonly variable: string
  readonly points: readonly Point[]
}

interface Point extends PairedCost {
  /** The variable's value. */
  readonly value: string
}

/** A point that was measured on both sides. */
type ComparedPoint = Point & Required<PairedCost>

/** Instructions by which changes of neighbours may differ: the timer's interrupts, spread over a measured line's messages. */
const alike = 0.75
const mostRows = 8
/** Values from one mark of the axis to the next. */
const tick = 16

/**
 * What has become of each benchmark: a bar for each of its values, in the order in which they were measured, and a
 * row for those neighbours that changed alike.
 *
 * @param costs All of them, changed or not.
 */
export const changeLines = (costs: readonly PairedCost[]): string[] => {
  const list = seriesOf(costs)
  const severalTests = new Set(list.map(({ test }) => test)).size > 1
  return list.flatMap((series) => {
    const lines = seriesLines(series)
    if (lines.length === 0) return []
    const [heading, ...others] = lines
    return ['', severalTests ? `${series.test}: ${heading}` : heading!, ...others]
  })
}

/** The benchmarks that were measured, and whether a cost of theirs has changed. */
export const measuredBenchmarks = (costs: readonly PairedCost[]): MeasuredBenchmark[] =>
  seriesOf(costs).map(({ test, benchmark, points }) => ({
    ...{ test, benchmark },
    hasChanged: points.some(isChanged),
  }))

/** Of names such as `Inter-AS, messageRegisters 0 (2)`. */
const seriesOf = (costs: readonly PairedCost[]): Series[] => {
  const found = new Map<string, Series & { points: Point[] }>()
  for (const cost of costs) {
    const groups = /^(?<benchmark>.*), (?<variable>\w+) (?<value>\d+)(?<again> \(\d+\))?$/.exec(
      cost.name,
    )?.groups
    const benchmark = `${groups?.['benchmark'] ?? cost.name}${groups?.['again'] ?? ''}`
    const variable = groups?.['variable'] ?? ''
    const key = JSON.stringify([cost.test, benchmark, variable])
    const series = found.get(key) ?? { test: cost.test, benchmark, variable, points: [] }
    series.points.push({ ...cost, value: groups?.['value'] ?? '' })
    found.set(key, series)
  }
  return [...found.values()]
}

const seriesLines = ({ benchmark, variable, points }: Series): string[] => {
  const changed = points.filter(isChanged)
  const counts = [
    [changed.length, 'changed'],
    [points.filter((it) => it.before === undefined).length, 'new'],
    [points.filter((it) => it.after === undefined).length, 'gone'],
  ] as const
  const told = counts.filter(([count]) => count > 0)
  if (told.length === 0) return []
  const summary = told
    .map(([count, what]) => (points.length === 1 ? what : `${count} of ${points.length} ${what}`))
    .join(', ')
  const title = variable === '' ? benchmark : `${benchmark} by ${variable}`
  if (changed.length === 0) return [`${title}: ${summary}`]
  const bars = points.length === 1 ? [] : barLines(points)
  return [`${title}: ${summary}`, ...bars, ...rowLines(points)]
}

const isCompared = (point: Point): point is ComparedPoint =>
  point.before !== undefined && point.after !== undefined

const isChanged = (point: Point): point is ComparedPoint =>
  isCompared(point) && point.before !== point.after

const changeOf = ({ before, after }: ComparedPoint): number => after - before

/** A character a value: what costs more and what costs less by lines of their own, on one scale. */
const barLines = (points: readonly Point[]): string[] => {
  const most = Math.max(...points.filter(isChanged).map((it) => Math.abs(changeOf(it))))
  const line = (sign: 1 | -1, label: string) => {
    const isOnIt = (it: Point): it is ComparedPoint => isChanged(it) && sign * changeOf(it) > 0
    if (!points.some(isOnIt)) return []
    const bars = points.map((it) => (isOnIt(it) ? bar(Math.abs(changeOf(it)) / most) : '·'))
    return [`  ${label}  ${bars.join('')}`]
  }
  const marks = points.map(({ value }, index) => (index % tick === 0 ? value.padEnd(tick) : ''))
  const axis = marks.join('').slice(0, points.length).padEnd(points.length)
  return [...line(1, 'more'), ...line(-1, 'less'), `        ${axis}  █ = ${most.toFixed(2)}`]
}

/** @param part Of the highest one, more than 0. */
const bar = (part: number): string => '▁▂▃▄▅▆▇█'[Math.ceil(part * 8) - 1]!

/** A row for neighbours that changed alike; where these are too many, for some values. */
const rowLines = (points: readonly Point[]): string[] => {
  const groups = alikeGroups(points)
  if (groups.length <= mostRows) return aligned(groups.map(rowOf))
  const changed = points.filter(isChanged)
  const some = Array.from(
    { length: mostRows },
    (_, index) => changed[Math.round((index * (changed.length - 1)) / (mostRows - 1))]!,
  )
  const rows = aligned(some.map((it) => rowOf([it])))
  return [...rows, `  … and ${changed.length - mostRows} others, all by --json`]
}

/** Neighbours whose costs have changed by about the same, from the first that has changed at all to the last. */
const alikeGroups = (points: readonly Point[]): ComparedPoint[][] => {
  const groups: ComparedPoint[][] = []
  for (const point of points.filter(isCompared)) {
    const last = groups.at(-1)
    if (last !== undefined && spreadOf([...last, point]) <= alike) last.push(point)
    else groups.push([point])
  }
  return groups
    .map((group) => group.slice(group.findIndex(isChanged), group.findLastIndex(isChanged) + 1))
    .filter((group) => group.some(isChanged))
}

const spreadOf = (points: readonly ComparedPoint[]): number => {
  const changes = points.map(changeOf)
  return Math.max(...changes) - Math.min(...changes)
}

/** `0–63`, `231.27 … 294.27`, `→`, `232.27 … 295.27`, `+0.87 to +1.13`, `mean +1.00`. */
const rowOf = (points: readonly ComparedPoint[]): string[] => {
  const ends = [points[0]!, points.at(-1)!]
  const changes = points.map(changeOf).toSorted((a, b) => a - b)
  const shown = [...new Set([changes[0]!, changes.at(-1)!].map((it) => signed(it.toFixed(2))))]
  const mean = changes.reduce((sum, it) => sum + it, 0) / changes.length
  const costs = (key: 'before' | 'after') => [...new Set(ends.map((it) => it[key].toFixed(2)))]
  return [
    [...new Set(ends.map(({ value }) => value))].join('–'),
    costs('before').join(' … '),
    '→',
    costs('after').join(' … '),
    `  ${shown.join(' to ')}`,
    shown.length === 1 ? '' : `  mean ${signed(mean.toFixed(2))}`,
  ]
}

const aligned = (rows: readonly string[][]): string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((it) => it[column]!.length)))
  return rows.map((row) =>
    `  ${row.map((it, column) => it.padStart(widths[column]!)).join(' ')}`.trimEnd(),
  )
}
