import type { Measurement } from '../diagnosis/observer.ts'

interface Column {
  readonly benchmark: string
  /** Cycles by number of message registers. */
  readonly cycles: ReadonlyMap<number, number>
}

const gap = '   '

/**
 * Message registers against cycles, one column a benchmark, in as many blocks side by side as fit.
 *
 * @param width Characters a line may have.
 */
export const measurementTable = (measurements: readonly Measurement[], width: number): string[] => {
  const columns = columnsOf(measurements)
  if (columns.length === 0) return []
  const registers = [...new Set(columns.flatMap((it) => [...it.cycles.keys()]))].toSorted(
    (a, b) => a - b,
  )
  const cell = (text: string) => text.padStart(11)
  const row = (label: string, values: readonly string[]) =>
    `${label.padStart(4)}${values.map(cell).join('')}`
  const heading = row(
    'MRs',
    columns.map((it) => it.benchmark),
  )
  const lines = registers.map((register) =>
    row(
      String(register),
      columns.map((it) => it.cycles.get(register)?.toFixed(2) ?? ''),
    ),
  )
  const blocks = Math.max(1, Math.floor((width + gap.length) / (heading.length + gap.length)))
  const height = Math.ceil(lines.length / blocks)
  const used = Math.ceil(lines.length / height)
  return [
    Array.from({ length: used }, () => heading).join(gap),
    ...Array.from({ length: height }, (_, index) =>
      Array.from({ length: used }, (__, block) => lines[block * height + index] ?? '')
        .join(gap)
        .trimEnd(),
    ),
  ]
}

/** A benchmark that ran several times gets a column each time. */
const columnsOf = (measurements: readonly Measurement[]): Column[] => {
  const columns: { benchmark: string; cycles: Map<number, number> }[] = []
  for (const { benchmark, messageRegisters, cycles } of measurements) {
    if (typeof messageRegisters !== 'number' || typeof cycles !== 'number') continue
    const last = columns.at(-1)
    if (last === undefined || last.benchmark !== benchmark || last.cycles.has(messageRegisters)) {
      columns.push({ benchmark: String(benchmark), cycles: new Map([[messageRegisters, cycles]]) })
    } else last.cycles.set(messageRegisters, cycles)
  }
  return columns
}
