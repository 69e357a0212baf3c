import {
  namedAddress,
  codeAddress,
  type CallTraceEntry,
  type CodeAddress,
} from '../code-address.ts'
import { hex, hexIf, type Hex } from '../hex.ts'
import { match, matches } from '../lines.ts'
import { flagsOf, type Flags } from '../x86.ts'

/** What Linux prints of the machine, in an oops and under a panic. */
export interface LinuxState {
  readonly cpu: number | undefined
  readonly pid: number | undefined
  /** The process' name. */
  readonly command: string | undefined
  /** Such as `Not tainted`, `Tainted: G        W`. */
  readonly taint: string | undefined
  readonly kernel: string | undefined
  readonly hardware: string | undefined
  /** The instruction; under a panic that of the program which called the kernel. */
  readonly ip: CodeAddress | undefined
  readonly codeSegment: Hex | undefined
  /** By their names in small letters. */
  readonly registers: Readonly<Record<string, Hex>> | undefined
  readonly callTrace: readonly CallTraceEntry[] | undefined
  /** Bytes of the instructions; the interrupted one in `<>`. */
  readonly code: string | undefined
  /** How far the kernel was moved from where it is linked. */
  readonly kernelOffset: Hex | undefined
}

/** The form of all lines that may follow the first one of an oops or a panic. */
export const stateLine =
  /^(?:CPU: +\d|Hardware name: |Workqueue: |RIP: |EIP: |Code: |RSP: |ESP: |E?FLAGS: |[RE][A-Z0-9]{1,2}: |R\d\d: |FS: |CS: | DS: |DR\d: |CR\d: |PKRU: |Call Trace:| <\/?(?:TASK|IRQ|NMI|SOFTIRQ)>| {1,2}(?:\? )?[\w.$]+\+0x| *\[<[0-9a-f]+>\]|Modules linked in:|Kernel Offset: |---\[ end |\*p[dmgu]\w* = | printing eip:|[0-9a-f]{8}$|Oops: |PGD |#PF: |BUG: |BAD$|e[a-z]{2}: [0-9a-f]{8}|ds: |Process |Stack: | {7}[0-9a-f]{8} | <0>|Kernel panic|Unable to handle|In (?:interrupt|idle)|kernel BUG at |invalid opcode: |general protection fault|Rebooting in |Last Breaking|last sysfs file:|CR2: |WARNING: )/

const field = (text: string, pattern: RegExp): string | undefined => match<'it'>(pattern, text)?.it

/** Reads the registers, the process and the call trace out of the lines of one oops. */
export const stateIn = (text: string): LinuxState => {
  const process = match<'cpu' | 'pid' | 'command' | 'taint' | 'kernel'>(
    /^CPU: (?<cpu>\d+) (?:UID: \d+ )?PID: (?<pid>\d+) Comm: (?<command>.{1,15}?) (?<taint>Not tainted|Tainted: [A-Z ()]*?) +(?<kernel>\d+\.\d+\S*)/m,
    text,
  )
  const old = match<'command' | 'pid'>(/^Process (?<command>.{1,15}) \(pid: (?<pid>\d+)[,)]/m, text)
  const cpu = process?.cpu ?? field(text, /^CPU: +(?<it>\d+)$/m)
  const pid = process?.pid ?? old?.pid
  return {
    cpu: cpu === undefined ? undefined : Number(cpu),
    pid: pid === undefined ? undefined : Number(pid),
    command: process?.command ?? old?.command,
    taint: process?.taint ?? field(text, /(?<it>Not tainted|Tainted: [A-Z ]+)$/m)?.trim(),
    kernel: process?.kernel,
    hardware: field(text, /^Hardware name: (?<it>\S.*)$/m),
    ip: ipIn(text),
    codeSegment: hexIf(field(text, /^[RE]IP: +(?<it>[0-9a-f]{4}):/m)),
    registers: registersIn(text),
    callTrace: callTraceIn(text),
    code: field(text, /^Code: +(?<it>\S.*?) *$/m),
    kernelOffset: hexIf(field(text, /^Kernel Offset: 0x(?<it>[0-9a-f]+) /m)),
  }
}

const ipIn = (text: string): CodeAddress | undefined => {
  const now = field(text, /^[RE]IP: (?:[0-9a-f]{4}:)?(?<it>\S+(?: \[\w+\])?)$/m)
  if (now !== undefined) return codeAddress(now)
  const old = match<'address' | 'name'>(
    /^EIP: +[0-9a-f]{4}:\[<(?<address>[0-9a-f]{8})>\](?: +(?<name>[A-Za-z_]\S*\+\S+))?/m,
    text,
  )
  return old && namedAddress(old.address, old.name)
}

const registersIn = (text: string): Readonly<Record<string, Hex>> | undefined => {
  const found = matches<'name' | 'value'>(
    /(?<![\w:])(?<name>[RE][A-D]X|[RE][SD]I|[RE][SB]P|R\d\d|CR[0234]|E?FLAGS|[CDEFGS]S|[CDEFGS]Sbase|ORIG_RAX|e[a-d]x|e[sd]i|e[sb]p|[cdefgs]s): +(?:[0-9a-f]{4}:)?(?<value>[0-9a-f]{4,16})(?![\w:])/g,
    text,
  )
  if (found.length === 0) return undefined
  // The kernel's registers come first; those of the program that called it may follow.
  const registers: Record<string, Hex> = {}
  for (const { name, value } of found) registers[name.toLowerCase()] ??= hex(value)
  return registers
}

const traceHeading = /^Call Trace:/m
const step = /^ {1,2}(?<unsure>\? )?(?<name>[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?)$/gm
const oldStep =
  /\[<(?<address>[0-9a-f]{8,16})>\](?: +(?<unsure>\? )?(?<name>[A-Za-z_][\w.$]*\+\S+))?/g

const callTraceIn = (text: string): readonly CallTraceEntry[] | undefined => {
  const from = traceHeading.exec(text)
  if (from === null) return undefined
  const below = text.slice(from.index)
  const now = matches<'unsure' | 'name'>(step, below).flatMap(({ unsure, name }) => {
    const place = codeAddress(name)
    return place === undefined ? [] : [{ ...place, unsure: unsure !== '' }]
  })
  const old = matches<'address' | 'unsure' | 'name'>(oldStep, below).map((it) => ({
    ...namedAddress(it.address, it.name),
    unsure: it.unsure !== '',
  }))
  return [...now, ...old]
}

/** The flags of the kernel's registers, where they were printed. */
export const flagsIn = ({ registers }: LinuxState): Flags | undefined => {
  const value = registers?.['eflags'] ?? registers?.['flags']
  return value && flagsOf(value)
}
