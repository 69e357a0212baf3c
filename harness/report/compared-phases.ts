import type { Verdict } from '../boot/verdict.ts'
import { formatDuration } from '../core/text.ts'

/** A phase of two boots. Durations are milliseconds; absent where that boot did not reach it. */
export interface ComparedPhase {
  readonly name: string
  readonly before?: number
  readonly after?: number
  /** `grew` when it took half as long again, and 100 ms more; `missing` and `new` when one boot only reached it. */
  readonly change: 'none' | 'grew' | 'missing' | 'new'
}

/** A boot beside an earlier one. */
export interface Comparison {
  readonly test?: string
  /** Run folders. */
  readonly after: string
  readonly before: string
  /** In the order of the earlier boot, before what is new. */
  readonly phases: readonly ComparedPhase[]
}

const grown = { factor: 1.5, milliseconds: 100 }

/** Which phases of a boot went missing, came or grew since an earlier one. */
export const comparePhases = (after: Verdict, before: Verdict): Comparison => {
  const names = new Set([...before.phases, ...after.phases].map(({ name }) => name))
  const durationIn = ({ phases }: Verdict, name: string) =>
    phases.find((it) => it.name === name)?.duration
  const phases = [...names].map((name): ComparedPhase => {
    const [earlier, later] = [durationIn(before, name), durationIn(after, name)]
    return {
      name,
      ...(earlier !== undefined && { before: earlier }),
      ...(later !== undefined && { after: later }),
      change: changeOf(earlier, later),
    }
  })
  const { test, runFolder } = after
  return { ...(test !== undefined && { test }), after: runFolder, before: before.runFolder, phases }
}

const changeOf = (
  before: number | undefined,
  after: number | undefined,
): ComparedPhase['change'] => {
  if (after === undefined) return 'missing'
  if (before === undefined) return 'new'
  return after > before * grown.factor && after - before > grown.milliseconds ? 'grew' : 'none'
}

/** A line for each phase: what it took before, now, and what is to be said of it. */
export const comparisonLines = ({ phases }: Comparison): string[] =>
  phases.map(({ name, before, after, change }) => {
    const time = (it: number | undefined) =>
      (it === undefined ? '–' : formatDuration(it)).padStart(9)
    const factor =
      change === 'none' || before === undefined || after === undefined || before === 0
        ? ''
        : `, ${(after / before).toFixed(1)} times`
    const remark = change === 'none' ? '' : `  ${change}${factor}`
    return `${name.padEnd(17)}${time(before)}${time(after)}${remark}`
  })
