import type { CodeAddress } from '../dumps/code-address.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import type { Hex } from '../dumps/hex.ts'
import { pageAt } from '../dumps/pistachio/page-table.ts'

/** What sort of stop it was. */
export type CrashKind =
  | 'exception'
  | 'page-fault'
  | 'assertion'
  | 'panic'
  | 'failure'
  | 'boot-failure'
  | 'debugger-entry'
  | 'break-in'

/** An instruction as a dump tells it. */
export interface ToldInstruction {
  readonly address: Hex | undefined
  /** `panic+0x118`, where the kernel names it itself. */
  readonly named?: CodeAddress
  /** 0 is the kernel's; absent where nothing says it. */
  readonly ring?: number | undefined
  /** Whether the address lies behind the instruction, as return addresses and breakpoints do. */
  readonly isBehind?: boolean
  /** Whether nobody printed it with the failure: it is where the current thread left its program. */
  readonly ofCurrentThread?: boolean
}

/** The thread or process that ran. */
export interface CrashThread {
  readonly name?: string | undefined
  readonly id?: string | undefined
  readonly controlBlock?: string | undefined
  readonly priority?: number | undefined
  /** What threads of this priority are. */
  readonly priorityClass?: string
  readonly state?: string | undefined
  /** Where it runs, if the kernel knows several. */
  readonly processor?: number
}

/** Words of a stack, the top first; null where no memory is. */
export interface CrashStack {
  readonly of: 'program' | 'kernel'
  readonly words: readonly (Hex | null)[]
}

/** Of a stop, what its dumps tell. */
export interface CrashFacts {
  readonly kind: CrashKind
  /** A few words that are the same whenever the same goes wrong. */
  readonly reason: string
  /** The instruction that failed. */
  readonly where?: ToldInstruction | undefined
  /** Where the kernel noticed it and entered its debugger. */
  readonly noticed?: ToldInstruction | undefined
  /** The address that was touched. */
  readonly address?: Hex | undefined
  readonly thread?: CrashThread | undefined
  readonly registers?:
    | { readonly of: 'program' | 'kernel'; readonly values: Readonly<Record<string, Hex>> }
    | undefined
  /** Who called, the last call first. */
  readonly callers?: readonly ToldInstruction[]
  /** What the page table says of the address that was touched. */
  readonly page?: string
  /** Threads that did not run, and where each left its program. */
  readonly others?: readonly {
    readonly thread: CrashThread
    readonly where: ToldInstruction | undefined
  }[]
  readonly stack?: CrashStack
}

/** A stop: its own dumps, and those that were asked for before the guest went on. */
export interface StopDumps {
  readonly own: readonly Dump[]
  readonly after: readonly Dump[]
  /** The control block of the thread that ran, where the debugger was asked for it. */
  readonly currentThread: Of<'pistachio', 'thread'> | undefined
}

/** Reads what a stop's dumps tell. */
export const crashFacts = (stop: StopDumps): CrashFacts => {
  const first = stop.own.find((it) => it.stop) ?? stop.own[0]!
  if (first.system === 'pistachio') return pistachioFacts(stop)
  if (first.system === 'linux') return linuxFacts(first)
  if (first.system === 'gnumach') return machFacts(stop.own)
  if (first.system === 'xen') return xenFacts(stop.own)
  if (first.system !== 'grub') return l4Facts(first)
  return { kind: 'boot-failure', reason: [first.text, first.command].filter(Boolean).join(': ') }
}

type Of<System, Kind> = Extract<Dump, { readonly system: System; readonly kind: Kind }>

const find = <S extends Dump['system'], K extends Extract<Dump, { system: S }>['kind']>(
  dumps: readonly Dump[],
  system: S,
  kind: K,
): Of<S, K> | undefined =>
  dumps.find((it): it is Of<S, K> => it.system === system && it.kind === kind)

const pistachioFacts = ({ own, after, currentThread }: StopDumps): CrashFacts => {
  const kickstart = find(own, 'pistachio', 'kickstart-failure')
  if (kickstart !== undefined) {
    const { module, complaint, conflict, decoded } = kickstart
    const expected = decoded.expected && `expected ${decoded.expected}`
    const whose = decoded.conflictsWith ?? 'another module'
    const overlap =
      conflict &&
      `overlaps ${conflict.with === 'module' ? whose : `the file of ${whose}, as the boot loader left it`}`
    const reason = overlap ?? complaint ?? expected ?? 'it gave no reason'
    const what = module === undefined ? 'kickstart gave up' : `kickstart gave up on ${module}`
    return { kind: 'boot-failure', reason: `${what}: ${reason}` }
  }
  const entry = find(own, 'pistachio', 'debugger-entry')
  const fault = entry?.fault ?? find(own, 'pistachio', 'fault')
  const frame = find(own, 'pistachio', 'exception-frame')
  const shown = find(after, 'pistachio', 'exception-frame')
  const registersOf = (it: typeof frame): CrashFacts['registers'] =>
    it && { of: it.decoded.ring === 0 ? 'kernel' : 'program', values: it.registers }
  const registers = registersOf(frame ?? shown)
  const thread = threadOf(fault?.thread, currentThread)
  const stack = stackOf(after, frame ?? shown, currentThread)
  const others = after
    .filter((it) => it.system === 'pistachio' && it.kind === 'thread')
    .filter((it) => it !== currentThread)
    .map((it) => ({ thread: blockOf(it), where: leftAt(it) }))
  const more = { registers, thread, others, ...(stack && { stack }) }
  const left = leftAt(currentThread)
  const current = left && { ...left, ofCurrentThread: true }
  const banner = entry?.ip && { address: entry.ip, ring: entry.decoded.by === 'program' ? 3 : 0 }
  if (entry?.decoded.by === 'break-in')
    return {
      kind: 'break-in',
      reason: [
        'the debugger was entered from outside',
        ...(currentThread?.decoded.isIdle === true ? ['while the processor idled'] : []),
      ].join(', '),
      where: current,
      noticed: banner,
      ...more,
    }
  if (entry?.decoded.by === 'program')
    return { kind: 'debugger-entry', reason: `"${entry.message}"`, where: banner, ...more }
  if (entry === undefined && fault === undefined && frame === undefined) {
    const where = shown && { address: shown.ip, ring: shown.decoded.ring, isBehind: true }
    return { kind: 'debugger-entry', reason: 'breakpoint without a text', where, ...more }
  }
  const { kind, ring } = pistachioKind(fault?.fault, frame)
  const printed = fault?.ip ?? frame?.ip
  const where = printed ? { address: printed, ring } : ring === 0 ? banner : current
  const caller =
    fault?.fault === 'assertion' && fault.function !== undefined
      ? [{ address: `0x${fault.function}` as const, ring: 0, isBehind: true }]
      : []
  return {
    kind,
    reason: reasonOf(fault, frame, entry?.message),
    where,
    noticed: where === banner ? undefined : banner,
    address: fault?.address,
    ...pageOf(after, fault?.address),
    ...more,
    ...(caller.length > 0 && { callers: caller }),
  }
}

type PistachioFault = NonNullable<Of<'pistachio', 'debugger-entry'>['fault']>
type Frame = Of<'pistachio', 'exception-frame'>

interface KindAndRing {
  readonly kind: CrashKind
  readonly ring: number | undefined
}

const pistachioKinds: Record<PistachioFault['fault'], KindAndRing> = {
  'invalid-opcode': { kind: 'exception', ring: 3 },
  exception: { kind: 'exception', ring: undefined },
  'user-page-fault': { kind: 'page-fault', ring: 3 },
  'kernel-page-fault': { kind: 'page-fault', ring: 0 },
  'unhandled-page-fault': { kind: 'page-fault', ring: undefined },
  assertion: { kind: 'assertion', ring: 0 },
  'unknown-debugger-operation': { kind: 'debugger-entry', ring: 3 },
  panic: { kind: 'panic', ring: 0 },
  'memory-descriptors': { kind: 'panic', ring: 0 },
}

const pistachioKind = (
  fault: PistachioFault['fault'] | undefined,
  frame: Frame | undefined,
): KindAndRing => {
  if (fault !== undefined) return pistachioKinds[fault]
  return frame === undefined
    ? { kind: 'panic', ring: 0 }
    : { kind: 'exception', ring: frame.decoded.ring }
}

const reasonOf = (
  fault: PistachioFault | undefined,
  frame: Frame | undefined,
  message: string | undefined,
): string => {
  const { fault: what, decoded, expression, file, message: said, vector } = fault ?? {}
  const trap = frame?.decoded.trap ?? decoded?.trap
  if (what === 'assertion') return `assertion "${expression}" failed in ${baseName(file)}`
  if (what === 'panic') return `panic in ${[baseName(file), said].filter(Boolean).join(': ')}`
  if (what === 'user-page-fault') return message ?? 'page fault of a program'
  if (what === 'kernel-page-fault') return 'kernel page fault'
  if (what === 'unhandled-page-fault') return 'unhandled page fault'
  if (trap !== undefined) return trap.name
  return vector === undefined ? (message ?? said ?? 'stopped') : `exception ${vector}`
}

const baseName = (file = ''): string => file.slice(file.lastIndexOf('/') + 1)

type ControlBlock = Of<'pistachio', 'thread'>

const blockOf = ({ tcb, id, priority, state, cpu }: ControlBlock): CrashThread => ({
  controlBlock: tcb,
  id,
  priority,
  state,
  ...(cpu !== undefined && { processor: cpu }),
})

/** A fault line names its thread, or gives its control block. */
const threadOf = (
  printed: string | undefined,
  current: ControlBlock | undefined,
): CrashThread | undefined => {
  const isAddress = printed !== undefined && /^[0-9a-f]{8}$/.test(printed)
  if (printed === undefined && current === undefined) return undefined
  return {
    name: isAddress ? undefined : printed,
    ...(isAddress && { controlBlock: `0x${printed}` }),
    ...(current && blockOf(current)),
  }
}

/** Where a thread left its program. The idle thread has none. */
const leftAt = (thread: ControlBlock | undefined): ToldInstruction | undefined =>
  thread?.ip === undefined || thread.decoded.isIdle ? undefined : { address: thread.ip, ring: 3 }

/** What a page table that was asked for says of an address. */
const pageOf = (after: readonly Dump[], address: Hex | undefined): Pick<CrashFacts, 'page'> => {
  const table = find(after, 'pistachio', 'page-table')
  const page = table && address && pageAt(table, Number(address))
  return page ? { page } : {}
}

/** The words that a memory dump shows from a program's stack pointer on. */
const stackOf = (
  after: readonly Dump[],
  frame: Frame | undefined,
  thread: ControlBlock | undefined,
): CrashStack | undefined => {
  // A frame of the kernel's has no stack pointer, but the thread's control block has the program's.
  const sp = frame?.decoded.ring === 3 ? frame.sp : thread?.sp
  if (sp === undefined) return undefined
  const top = Number(sp)
  for (const dump of after) {
    if (dump.system !== 'pistachio' || dump.kind !== 'memory') continue
    const words = dump.rows.flatMap(({ address, words: row }) =>
      row.length === 4 ? row.map((word, index) => ({ at: Number(address) + 4 * index, word })) : [],
    )
    if (words.some(({ at }) => at === top))
      return {
        of: 'program',
        words: words.filter(({ at }) => at >= top).map(({ word }) => word),
      }
  }
  return undefined
}

const noise = /^(?:dump_stack|show_stack|panic|Panic|Debugger|__dump_stack|SoftDebugger)/

const told = (named: CodeAddress, ring?: number): ToldInstruction => ({
  address: named.address,
  ...(named.symbol !== undefined && { named }),
  ring,
})

const linuxFacts = (dump: Extract<Dump, { system: 'linux' }>): CrashFacts => {
  if (dump.kind === 'trouble')
    return {
      kind: 'failure',
      reason: [dump.trouble.replaceAll('-', ' '), dump.reason, dump.device]
        .filter(Boolean)
        .join(' '),
      address: dump.address,
      ...(dump.ip && { where: { address: dump.ip, ring: 3 } }),
    }
  const trace = (dump.callTrace ?? []).filter(({ unsure }) => !unsure)
  const callers = trace.filter(({ symbol }) => symbol === undefined || !noise.test(symbol))
  const isPanic = dump.kind === 'panic'
  const { ring } = dump.decoded
  const ip = dump.ip && told(dump.ip, ring)
  const where = isPanic ? callers[0] && { ...told(callers[0], 0), isBehind: true } : ip
  return {
    kind: isPanic ? 'panic' : 'exception',
    reason: isPanic ? dump.message : dump.title,
    where,
    address: dump.kind === 'panic' ? undefined : dump.address,
    thread: dump.command === undefined ? undefined : { name: dump.command, id: `${dump.pid}` },
    registers: dump.registers && {
      of: ring === 3 ? 'program' : 'kernel',
      values: dump.registers,
    },
    callers: callers.slice(isPanic ? 1 : 0).map((it) => ({ ...told(it, 0), isBehind: true })),
  }
}

const machFacts = (own: readonly Dump[]): CrashFacts => {
  const panic = find(own, 'gnumach', 'panic')
  const entry = find(own, 'gnumach', 'debugger-entry')
  const callers = (entry?.callTrace ?? [])
    .map(({ at }) => ({ ...told(at, 0), isBehind: true }))
    .filter(({ named }) => named?.symbol === undefined || !noise.test(named.symbol))
  const stopped = entry?.stoppedAt ? told(entry.stoppedAt, 0) : entry?.ip && { address: entry.ip }
  return {
    kind: panic === undefined ? 'exception' : 'panic',
    reason: panic?.message ?? entry?.reason ?? `${entry?.trap} trap`,
    where:
      panic === undefined
        ? stopped
        : {
            address: undefined,
            ring: 0,
            named: {
              address: undefined,
              symbol: panic.function,
              offset: undefined,
              size: undefined,
              module: undefined,
            },
          },
    callers,
  }
}

const xenFacts = (own: readonly Dump[]): CrashFacts => {
  const panic = find(own, 'xen', 'panic')
  const shown = find(own, 'xen', 'registers')
  const callers = (shown?.callTrace ?? []).map((it) => ({ ...told(it, 0), isBehind: true }))
  return {
    kind: shown === undefined ? 'panic' : 'exception',
    reason: panic?.message.split('\n')[0] ?? 'stopped',
    where: shown && told(shown.ip, shown.decoded.ring),
    address: panic?.address,
    registers: shown && {
      of: shown.decoded.ring === 3 ? 'program' : 'kernel',
      values: shown.registers,
    },
    callers,
    ...(shown?.stack && {
      stack: { of: shown.decoded.ring === 3 ? 'program' : 'kernel', words: shown.stack },
    }),
  }
}

const l4Facts = (dump: Extract<Dump, { system: 'fiasco' | 'l4re' | 'l4linux' }>): CrashFacts => {
  if (dump.kind === 'failure') {
    const { failure, subject, message, ip, address, status } = dump
    const isTask = subject !== undefined && /^[0-9a-f]+$/.test(subject)
    return {
      kind: failure === 'page-fault' || failure === 'no-pager' ? 'page-fault' : 'failure',
      reason: [failure.replaceAll('-', ' '), isTask ? undefined : subject, message, status]
        .filter(Boolean)
        .join(' '),
      address,
      ...(ip && { where: { address: ip } }),
      ...(subject !== undefined && { thread: { name: subject } }),
    }
  }
  if (dump.kind === 'panic') {
    const { expression, file, message, caller } = dump
    if (expression === undefined) return { kind: 'panic', reason: message ?? 'panic' }
    return {
      kind: 'assertion',
      reason: `assertion "${expression}" failed in ${baseName(file)}`,
      ...(caller && { where: { address: caller, ring: 0, isBehind: true } }),
    }
  }
  if (dump.kind === 'trap') {
    const { vector, name, decoded, ip, mode, address, thread, registers } = dump
    const ring = mode && (mode === 'kernel' ? 0 : 3)
    return {
      kind: vector === 14 ? 'page-fault' : 'exception',
      reason: decoded.trap?.name ?? name ?? 'unhandled trap',
      where: ip && { address: ip, ring },
      address,
      thread: thread && { controlBlock: thread },
      registers: { of: mode === 'user' ? 'program' : 'kernel', values: registers },
    }
  }
  if (dump.kind !== 'debugger-entry' || dump.decoded.by === 'break-in')
    return { kind: 'break-in', reason: 'the debugger was entered from outside' }
  return { kind: 'debugger-entry', reason: dump.message, where: { address: dump.ip } }
}
