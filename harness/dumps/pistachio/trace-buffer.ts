import { hex, type Hex } from '../hex.ts'
import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { faultAt } from './fault.ts'

/** An event that the kernel noted. */
export interface TraceRecord {
  readonly record: number
  readonly cpu: number
  readonly type: Hex
  /** Whether the kernel or a program noted it. */
  readonly by: 'kernel' | 'user'
  /** The tracepoint's number; 0 is none. */
  readonly tracepoint: number
  readonly thread: string
  /** Cycles since the record before, as printed: three to four digits, `e`, zeros that follow. */
  readonly cycles: string
  readonly event: string
}

/** The newest records of the tracebuffer (KDB's `Y` and `y d`). */
export interface TraceBuffer extends Told {
  readonly system: 'pistachio'
  readonly kind: 'trace-buffer'
  readonly records: readonly TraceRecord[]
  readonly mask: Hex | undefined
}

const heading = /^Record P Type {5}TP \w+ +TSC +Event$/
const row =
  /^ {0,5}(?<record>\d{1,6}) (?<cpu>\d{1,2}) (?<type>[0-9a-f]{4}) (?<by>[uk]) {1,4}(?<tracepoint>\d{1,4}) (?<thread>\S{1,20}) {1,8}(?<cycles>\d{1,4}(?:e\d)?) +(?<event>\S.*)$/
const footer = /^-{19,}/
const maskLine = /^Mask (?<mask>[0-9a-f]{8}) /

export const readTraceBuffer: DumpReader<TraceBuffer> = (lines, at) => {
  if (!heading.test(lines[at]?.text ?? '')) return undefined
  const records: TraceRecord[] = []
  let mask: Hex | undefined
  let end = at + 1
  for (; end < lines.length; end += 1) {
    // The debugger itself may fault in the middle of a record.
    if (faultAt(lines, end) !== undefined) break
    const text = lines[end]?.text ?? ''
    const found = match<
      'record' | 'cpu' | 'type' | 'by' | 'tracepoint' | 'thread' | 'cycles' | 'event'
    >(row, text)
    const said = match<'mask'>(maskLine, text)
    if (found !== undefined)
      records.push({
        record: Number(found.record),
        cpu: Number(found.cpu),
        type: hex(found.type),
        by: found.by === 'k' ? 'kernel' : 'user',
        tracepoint: Number(found.tracepoint),
        thread: found.thread,
        cycles: found.cycles,
        event: found.event.trimEnd(),
      })
    else if (said !== undefined) mask = hex(said.mask)
    else if (!footer.test(text)) break
  }
  const last = records.at(-1)
  return {
    dump: {
      system: 'pistachio',
      kind: 'trace-buffer',
      stop: false,
      summary: last === undefined ? 'no trace record' : `traced last: ${last.event}`,
      records,
      mask,
    },
    end,
  }
}
