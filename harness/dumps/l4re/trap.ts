import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { blockOf, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import {
  flagsOf,
  pageFaultError,
  trapOf,
  type Flags,
  type PageFaultError,
  type Trap,
} from '../x86.ts'

/** Registers as Fiasco saved them at a trap that it could not handle. */
export interface FiascoTrap extends Told {
  readonly system: 'fiasco'
  readonly kind: 'trap'
  readonly ip: Hex | undefined
  readonly vector: number | undefined
  /** As Fiasco calls it. */
  readonly name: string | undefined
  readonly errorCode: Hex | undefined
  readonly mode: 'user' | 'kernel' | undefined
  /** Of a page fault. */
  readonly address: Hex | undefined
  /** Where the kernel keeps the thread that it killed. */
  readonly thread: Hex | undefined
  /** By their names in small letters. */
  readonly registers: Readonly<Record<string, Hex>>
  readonly decoded: {
    readonly flags: Flags | undefined
    readonly trap: Trap | undefined
    readonly pageFault: PageFaultError | undefined
  }
}

// From source, without a recording: src/kern/ia32/thread-ia32.cpp, 32/trap_state-ia32.cpp, 64/trap_state-amd64.cpp and
// 32/thread-dbf.cpp of Fiasco.
const killed = /KERNEL: Warning: (?:CPU\d{1,3}: )?(?:0x)?(?<thread>[0-9a-f]{4,16}) killed:$/
const doubleFault = /^DOUBLE FAULT!$/
const firstRegister = /^[ER]AX[ =][0-9a-f]{8}/
const form =
  /^(?:[ER](?:AX|BX|CX|DX|SI|DI|BP|SP|IP|FL)|R(?:8|9|1[0-5])|CS)[ =]|^trap(?:no)? \d|^\((?:ex|in)ternal event|^page fault linear address |^Unhandled (?:trap|page fault)/
const register =
  /\b(?<name>[ER](?:[A-D]X|[SD]I|[BSI]P|FL(?:AGS)?)|RFLAGS|R(?:8|9|1[0-5])|[C-GS]S)[ =] ?(?<value>[0-9a-f]{4,16})\b/g
const trapLine =
  /^trap(?:no)? (?<vector>\d{1,3})(?: \((?<name>[^)]{1,60})\))?, error (?<code>[0-9a-f]{1,16}), from (?<mode>user|kernel) mode$/m
const fault = /^page fault linear address +(?<address>[0-9a-f]{1,16})$/m

export const readFiascoTrap: DumpReader<FiascoTrap> = (lines, at) => {
  const heading = lines[at]?.text ?? ''
  const victim = match<'thread'>(killed, heading)
  const isDouble = doubleFault.test(heading)
  if (victim === undefined && !isDouble && !firstRegister.test(heading)) return undefined
  const { text, end } = blockOf(lines, victim !== undefined || isDouble ? at + 1 : at, form, 24)
  const registers = Object.fromEntries(
    matches<'name' | 'value'>(register, text).map(({ name, value }) => [
      name.toLowerCase(),
      hex(value),
    ]),
  )
  const trap = match<'vector' | 'name' | 'code' | 'mode'>(trapLine, text)
  // Some other program prints registers, too.
  if (trap === undefined && victim === undefined && !isDouble) return undefined
  const ip = registers['eip'] ?? registers['rip']
  const flags = registers['eflags'] ?? registers['efl'] ?? registers['rflags']
  const vector = numberIf(trap?.vector)
  const known = isDouble ? trapOf(8) : vector === undefined ? undefined : trapOf(vector)
  const errorCode = hexIf(trap?.code)
  const mode = trap?.mode === 'user' || trap?.mode === 'kernel' ? trap.mode : undefined
  return {
    dump: {
      system: 'fiasco',
      kind: 'trap',
      stop: true,
      summary: [
        known?.name ?? (trap?.name || 'a trap that nobody handles'),
        mode && `in ${mode} mode`,
        ip && `at ${ip.slice(2)}`,
        victim && `of the thread at ${victim.thread}, which was killed`,
      ]
        .filter(Boolean)
        .join(' '),
      ip,
      vector,
      name: trap?.name === '' ? undefined : trap?.name,
      errorCode,
      mode,
      address: hexIf(match<'address'>(fault, text)?.address),
      thread: hexIf(victim?.thread),
      registers,
      decoded: {
        flags: flags && flagsOf(flags),
        trap: known,
        pageFault: vector === 14 && errorCode ? pageFaultError(errorCode) : undefined,
      },
    },
    end: Math.max(end, at + 1),
  }
}
