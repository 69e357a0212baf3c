import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { match, matches, type Lines } from '../lines.ts'
import { plainText } from '../../core/text.ts'
import type { DumpReader, Told } from '../reader.ts'
import { flagsOf, trapOf, type Flags, type Trap } from '../x86.ts'

/** A thread of Fiasco, as jdb's `t` shows it. Numbers are hexadecimal, as Fiasco shows them. */
export interface JdbThreadView extends Told {
  readonly system: 'fiasco'
  readonly kind: 'thread'
  readonly id: Hex
  readonly controlBlock: Hex
  readonly cpu: string | undefined
  readonly priority: Hex | undefined
  readonly states: readonly string[]
  /** The id of its address space; absent where it is the kernel's. */
  readonly space: Hex | undefined
  /** Processor time that it has used, such as `2.807 s`. */
  readonly used: string | undefined
  /** Where it runs, or goes on when what it waits for has come. */
  readonly ip: Hex | undefined
  readonly sp: Hex | undefined
  /** By their names in small letters: of the current thread when the debugger was entered, of others in their program. */
  readonly registers: Readonly<Record<string, Hex>>
  /** How the processor came into the debugger; of the current thread only. */
  readonly trap:
    | {
        readonly vector: number
        readonly name: string
        readonly errorCode: Hex
        readonly mode: 'user' | 'kernel'
      }
    | undefined
  /** Of a page fault. */
  readonly address: Hex | undefined
  readonly decoded: {
    readonly flags: Flags | undefined
    readonly trap: Trap | undefined
  }
}

const heading = /^thread {2}: {1,4}(?<id>[0-9a-f]{1,8}) <0x(?<block>[0-9a-f]{8,16})> /
const place = /\bCPU: (?<cpu>\d{1,3}(?::\d{1,3})?)\b.*\bprio: (?<priority>[0-9a-f]{1,2})\b/
const state = /^state {3}: [0-9a-f]{3,8} (?<states>[a-z_]{2,}(?:,[a-z_]+)*)/m
const task = /\btask {5}: D: {0,3}(?<space>[0-9a-f]{1,8})\b/
const used = /^cpu time: {1,3}(?<used>[\d.]{1,12} [a-zµ\xb5\xc2]{1,3}) /m
const register =
  /(?<!kernel )\b(?<name>E(?:[A-D]X|[SD]I|[BSI]P|Flags)|[C-GS]S)=(?<value>[0-9a-f]{4,8})(?![0-9a-f])/g
const trapLine =
  /^trap (?<vector>\d{1,3}) \((?<name>[^)]{1,60})\), error (?<code>[0-9a-f]{1,8}), from (?<mode>user|kernel) mode$/m
const fault = /^page fault linear address +(?<address>[0-9a-f]{8})$/m

/** Behind the registers comes the kernel's stack, each row after the low digits of its address. */
const stackRow = /^ {4}[0-9a-f]{3} {2}[0-9a-f]{8} /

/** The screen has no more rows. */
const mostRows = 24

/** From jdb's screen of a thread up to its kernel stack; the instruction beside the registers is left out. */
export const readJdbThread: DumpReader<JdbThreadView> = (lines, at) => {
  const begin = match<'id' | 'block'>(heading, lines[at]?.text)
  if (begin === undefined) return undefined
  const { text, end } = screenFrom(lines, at)
  const where = match<'cpu' | 'priority'>(place, text)
  const states = match<'states'>(state, text)?.states.split(',') ?? []
  const space = hexIf(match<'space'>(task, text)?.space)
  const registers = Object.fromEntries(
    matches<'name' | 'value'>(register, text).map(({ name, value }) => [
      name.toLowerCase(),
      hex(value),
    ]),
  )
  const trap = match<'vector' | 'name' | 'code' | 'mode'>(trapLine, text)
  const vector = numberIf(trap?.vector)
  const ip = registers['eip']
  const flags = registers['eflags']
  return {
    dump: {
      system: 'fiasco',
      kind: 'thread',
      stop: false,
      summary: [
        `thread ${begin.id}`,
        space === undefined ? 'of the kernel' : `of task ${space.slice(2)}`,
        states.length > 0 && `(${states.join(', ')})`,
        ip && `at ${ip.slice(2)}`,
        trap && `in ${trap.mode} mode`,
      ]
        .filter(Boolean)
        .join(' '),
      id: hex(begin.id),
      controlBlock: hex(begin.block),
      cpu: where?.cpu,
      priority: hexIf(where?.priority),
      states,
      space,
      used: match<'used'>(used, text)?.used,
      ip,
      sp: registers['esp'],
      registers,
      trap:
        trap === undefined || vector === undefined
          ? undefined
          : {
              vector,
              name: trap.name,
              errorCode: hex(trap.code),
              mode: trap.mode === 'user' ? 'user' : 'kernel',
            },
      address: hexIf(match<'address'>(fault, text)?.address),
      decoded: {
        flags: flags && flagsOf(flags),
        trap: vector === undefined ? undefined : trapOf(vector),
      },
    },
    end,
  }
}

const cursorMove = /\x1b\[\d{1,3};\d{1,3}H/

/** Rows are drawn with cursor moves: what stands behind one is a row of its own here. */
const screenFrom = (lines: Lines, at: number): { readonly text: string; readonly end: number } => {
  const rows: string[] = []
  let end = at + 1
  for (let next = at; next < lines.length && next < at + mostRows; next += 1) {
    const parts = (lines[next]?.raw ?? '').split(cursorMove).map(plainText)
    if (parts.some((it) => stackRow.test(it))) break
    if (next > at && parts.some((it) => heading.test(it) || it.startsWith('jdb: '))) break
    rows.push(...parts)
    end = next + 1
  }
  return { text: rows.join('\n'), end }
}
