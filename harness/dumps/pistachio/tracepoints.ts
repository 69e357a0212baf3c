import { blockOf, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

export interface Tracepoint {
  readonly number: number
  readonly name: string
  readonly enabled: boolean
  /** Whether it enters the debugger. */
  readonly enters: boolean
  /** How often it was passed, one count a processor. */
  readonly counters: readonly number[]
}

/** The kernel's tracepoints (KDB's `r l`). */
export interface Tracepoints extends Told {
  readonly system: 'pistachio'
  readonly kind: 'tracepoints'
  readonly tracepoints: readonly Tracepoint[]
}

const heading = /^ Num {2}Name +Enb {2}KDB {2}/
const row =
  /^ {0,2}(?<number>\d{1,3}) {3}(?<name>\w+) +(?<enabled>[yn]) {4}(?<enters>[yn]) +(?<counters>\d[\d ]*)$/gm

export const readTracepoints: DumpReader<Tracepoints> = (lines, at) => {
  if (!heading.test(lines[at]?.text ?? '')) return undefined
  const { text, end } = blockOf(lines, at + 1, /^ {0,2}\d{1,3} {3}\w+ /)
  const tracepoints = matches<'number' | 'name' | 'enabled' | 'enters' | 'counters'>(row, text).map(
    ({ number, name, enabled, enters, counters }) => ({
      number: Number(number),
      name,
      enabled: enabled === 'y',
      enters: enters === 'y',
      counters: counters.trim().split(/ +/).map(Number),
    }),
  )
  return {
    dump: {
      system: 'pistachio',
      kind: 'tracepoints',
      stop: false,
      summary: `${tracepoints.length} tracepoints`,
      tracepoints,
    },
    end: Math.max(end, at + 1),
  }
}
