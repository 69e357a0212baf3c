import {
  describeAddress,
  namedAddress,
  type CallTraceEntry,
  type CodeAddress,
} from '../code-address.ts'
import { hex, numberIf, type Hex } from '../hex.ts'
import { match, matches, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { flagsOf, ringOf, type Flags } from '../x86.ts'

/** A processor's or a domain's registers (Xen's keys `d` and `0`, and before a panic). */
export interface XenRegisters extends Told {
  readonly system: 'xen'
  readonly kind: 'registers'
  /** Such as `CPU0 host`, `Dom0 vcpu#0`. */
  readonly of: string | undefined
  readonly version: string | undefined
  readonly cpu: number | undefined
  readonly ip: CodeAddress
  readonly codeSegment: Hex
  /** Such as `hypervisor`, `pv guest (d0v0)`. */
  readonly context: string | undefined
  /** By their names in small letters. */
  readonly registers: Readonly<Record<string, Hex>>
  /** Words of the stack, the top first. */
  readonly stack: readonly Hex[] | undefined
  readonly callTrace: readonly CallTraceEntry[] | undefined
  readonly decoded: { readonly flags: Flags | undefined; readonly ring: number }
}

const dumping = /^\*\*\* Dumping (?<of>.{1,40}) state: \*\*\*$/
const banner = /^----\[ (?<version>Xen-\S+) .{0,60}\]----$/
const cpuLine = /^CPU: +(?<cpu>\d{1,4})$/
const ipLine = /^RIP: +(?<cs>[0-9a-f]{4}):\[<(?<ip>[0-9a-f]{16})>\](?: (?<symbol>\S{1,200}))?$/
const linesBefore = 4
const mostLines = 80
const form =
  /^(?:RFLAGS: |r[a-z0-9]{1,2}: +[0-9a-f]{16}|cr3: |fsb: |ds: |Xen code around | +(?:[0-9a-f]{2}|--) |Xen stack trace|Guest stack trace| {3}[0-9a-f]{16}|Xen call trace:| {3}\[<|Pagetable walk| L[1-4]\[| {2,}Fault while|Faulting linear address:)/

export const readXenRegisters: DumpReader<XenRegisters> = (lines, at) => {
  const place = match<'cs' | 'ip' | 'symbol'>(ipLine, lines[at]?.text)
  if (place === undefined) return undefined
  const head = headOf(lines, at)
  let end = at + 1
  while (end < Math.min(lines.length, at + mostLines) && form.test(lines[end]?.text ?? '')) end += 1
  const text = lines
    .slice(at, end)
    .map((it) => it.text)
    .join('\n')
  const ip = namedAddress(place.ip, place.symbol)
  const registers = registersIn(text)
  const flags = registers['rflags']
  const context = match<'it'>(/CONTEXT: (?<it>\S.{0,60})$/m, text)?.it
  return {
    dump: {
      system: 'xen',
      kind: 'registers',
      stop: false,
      summary: [head.of, `at ${describeAddress(ip)}`, context && `in ${context}`]
        .filter(Boolean)
        .join(' '),
      of: head.of,
      version: head.version,
      cpu: head.cpu,
      ip,
      codeSegment: hex(place.cs),
      context,
      registers,
      stack: stackIn(text),
      callTrace: callTraceIn(text),
      decoded: { flags: flags && flagsOf(flags), ring: ringOf(hex(place.cs)) },
    },
    first: head.first,
    end,
  }
}

interface Head {
  readonly first: number
  readonly of: string | undefined
  readonly version: string | undefined
  readonly cpu: number | undefined
}

/** What stands in the few lines before the registers. */
const headOf = (lines: Lines, at: number): Head => {
  let head: Head = { first: at, of: undefined, version: undefined, cpu: undefined }
  for (let before = at - 1; before >= Math.max(0, at - linesBefore); before -= 1) {
    const text = lines[before]?.text
    const of = match<'of'>(dumping, text)?.of
    const version = match<'version'>(banner, text)?.version
    const cpu = numberIf(match<'cpu'>(cpuLine, text)?.cpu)
    if (of === undefined && version === undefined && cpu === undefined) break
    head = {
      first: before,
      of: of ?? head.of,
      version: version ?? head.version,
      cpu: cpu ?? head.cpu,
    }
  }
  return head
}

const registersIn = (text: string): Readonly<Record<string, Hex>> =>
  Object.fromEntries(
    matches<'name' | 'value'>(
      /(?:^|\s)(?<name>RFLAGS|r[a-z0-9]{1,2}|cr[0234]|[fg]sb|gss|[c-g]s|ss): +(?<value>[0-9a-f]{4}(?:[0-9a-f]{12})?)(?=\s|$)/g,
      text,
    ).map(({ name, value }) => [name.toLowerCase(), hex(value)] as const),
  )

const stackIn = (text: string): readonly Hex[] | undefined => {
  const from = /^(?:Xen|Guest) stack trace from rsp=/m.exec(text)
  if (from === null) return undefined
  const rows = matches<'words'>(
    /^ {3}(?<words>[0-9a-f]{16}(?: [0-9a-f]{16})*) *$/gm,
    text.slice(from.index),
  )
  return rows.flatMap(({ words }) => words.split(' ').map(hex))
}

const callTraceIn = (text: string): readonly CallTraceEntry[] | undefined => {
  const from = text.indexOf('Xen call trace:')
  if (from === -1) return undefined
  return matches<'address' | 'kind' | 'name'>(
    /^ {3}\[<(?<address>[0-9a-f]{16})>\] (?<kind>[RSF]) (?<name>\S+)$/gm,
    text.slice(from),
  ).map(({ address, kind, name }) => ({ ...namedAddress(address, name), unsure: kind === 'S' }))
}
