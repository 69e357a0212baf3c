import { hex, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Reading, Told } from '../reader.ts'

/** Sixteen bytes of memory. */
export interface MemoryRow {
  readonly address: Hex
  /** As numbers, so that their first byte in memory is the last here; null where no memory is mapped. */
  readonly words: readonly (Hex | null)[]
}

/** A piece of memory (KDB's `d` and `D`), all pages of it. */
export interface MemoryDump extends Told {
  readonly system: 'pistachio'
  readonly kind: 'memory'
  readonly rows: readonly MemoryRow[]
}

const rowLine = /^(?<address>[0-9a-f]{8}) {2}(?<rest>[0-9a-f#]+ .{17,})$/
const between = /^Continue\? \(Continue\/Quit\)/
const bytesOfRow = 16

export const readMemory: DumpReader<MemoryDump> = (lines, at) => {
  const rows: MemoryRow[] = []
  let end = at
  for (let next = at; next < lines.length; next += 1) {
    const row = rowAt(lines, next)
    if (row !== undefined) {
      rows.push(row)
      end = next + 1
    } else if (rows.length === 0 || !between.test(lines[next]?.text ?? '')) break
  }
  return rows.length === 0 ? undefined : reading(rows, end)
}

const reading = (rows: readonly MemoryRow[], end: number): Reading<MemoryDump> => {
  const unmapped = rows.every(({ words }) => words.every((it) => it === null))
  const from = rows[0]?.address ?? ''
  const to = rows.at(-1)?.address ?? ''
  return {
    dump: {
      system: 'pistachio',
      kind: 'memory',
      stop: false,
      summary: `memory in the lines of ${from} to ${to}${unmapped ? ': nothing is mapped' : ''}`,
      rows,
    },
    end,
  }
}

/** A row has words of one size, 1 to 8 bytes, and the bytes as characters behind them. */
const rowAt = (lines: Lines, at: number): MemoryRow | undefined => {
  const row = match<'address' | 'rest'>(rowLine, lines[at]?.text)
  if (row === undefined) return undefined
  const digits = row.rest.indexOf(' ')
  if (![2, 4, 8, 16].includes(digits)) return undefined
  const count = (bytesOfRow * 2) / digits
  const word = new RegExp(`^ ?([0-9a-f]{${digits}}|#{${digits}})(?: |$)`)
  const words: (Hex | null)[] = []
  let rest = row.rest
  while (words.length < count) {
    const [all, found] = word.exec(rest) ?? []
    if (all === undefined || found === undefined) return undefined
    words.push(found.startsWith('#') ? null : hex(found))
    rest = rest.slice(all.length)
  }
  // hexdump -C puts the characters between bars.
  return /^ *\|/.test(rest) ? undefined : { address: hex(row.address), words }
}
