import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { blockOf, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** A thread control block (KDB's `t`; `T` adds the message and buffer registers). */
export interface ThreadControlBlock extends Told {
  readonly system: 'pistachio'
  readonly kind: 'thread'
  readonly tcb: Hex
  /** The global thread id. */
  readonly id: Hex
  /** The local thread id, which is where the program sees its UTCB. */
  readonly localId: Hex
  /** Where the kernel sees the UTCB. */
  readonly utcb: Hex
  readonly priority: number | undefined
  readonly cpu: number | undefined
  readonly ip: Hex | undefined
  readonly sp: Hex | undefined
  readonly kernelSp: Hex | undefined
  /** Such as `RUNNING`, `WAIT_FE`, `ABORTED`. */
  readonly state: string | undefined
  /** A letter a queue: ready, send, wakeup, late wakeup; capital where the thread is in it. */
  readonly queues: string | undefined
  readonly space: Hex | undefined
  readonly pageDirectory: Hex | undefined
  readonly pager: string | undefined
  readonly partner: string | undefined
  readonly savedPartner: string | undefined
  readonly savedState: string | undefined
  readonly scheduler: string | undefined
  /** In microseconds. */
  readonly timeslice: number | undefined
  /** In microseconds. */
  readonly timesliceLeft: number | undefined
  /** In microseconds; 0 is no limit. */
  readonly totalQuantum: number | undefined
  readonly sensitivePriority: number | undefined
  readonly resources: Hex | undefined
  readonly flags: Hex | undefined
  readonly exceptionHandler: string | undefined
  readonly messageRegisters: readonly Hex[] | undefined
  readonly bufferRegisters: readonly Hex[] | undefined
  readonly decoded: {
    /** The queues that the thread is in. */
    readonly queues: readonly string[] | undefined
    /** Whether it is the one that runs when no other can: its ip and sp are marks, no addresses. */
    readonly isIdle: boolean
  }
}

const heading =
  /^=== TCB: (?<tcb>[0-9a-f]{8}) === ID: (?<id>[0-9a-f]{8}) = (?<localId>[0-9a-f]{8})\/(?<utcb>[0-9a-f]{8})\b(?:=== PRIO: +(?<priority>\d{1,3}))?/
const form =
  /^(?:=== TCB: |[UK][IS]P: |USP: |total quant: |abs timeout: |sens prio: |resources: |partner: |user handle: |exception handler: |xfer timeouts: | +rcv \(|mr\(\d\d\): |Message Tag: |br\(\d\d\): |Acceptor: | +fpage)/

/** Its global id, as the kernel's api/v4/thread.h has it. */
const idleThread = '1d1e1d1e'

const queueNames = ['ready', 'send', 'wakeup', 'late wakeup']

export const readThread: DumpReader<ThreadControlBlock> = (lines, at) => {
  const head = match<'tcb' | 'id' | 'localId' | 'utcb' | 'priority'>(heading, lines[at]?.text)
  if (head === undefined) return undefined
  const rest = blockOf(lines, at + 1, form, 40)
  const end = Math.max(rest.end, at + 1)
  const next = rest.text.indexOf('=== TCB: ')
  const text = next === -1 ? rest.text : rest.text.slice(0, next)
  const field = (pattern: RegExp): string | undefined => match<'it'>(pattern, text)?.it
  const state = field(/tstate: (?<it>\w+)/)
  const cpu = numberIf(match<'it'>(/ CPU: (?<it>\d+) ===/, lines[at]?.text)?.it)
  const ip = field(/^UIP: (?<it>[0-9a-f]{8})\b/m)
  const queues = field(/queues: (?<it>[RrSsWwLl]{4})\b/)
  const isIdle = head.id === idleThread
  const words = (name: string): Hex[] | undefined => {
    const found = matches<'words'>(
      new RegExp(String.raw`^${name}\(\d\d\): (?<words>[0-9a-f ]+)$`, 'gm'),
      text,
    )
    if (found.length === 0) return undefined
    return found.flatMap((it) => it.words.trim().split(/ +/).map(hex))
  }
  return {
    dump: {
      system: 'pistachio',
      kind: 'thread',
      stop: false,
      summary: isIdle
        ? 'the idle thread'
        : [`thread ${head.id}`, state, ip && `at ${ip}`, cpu !== undefined && `on processor ${cpu}`]
            .filter(Boolean)
            .join(' '),
      tcb: hex(head.tcb),
      id: hex(head.id),
      localId: hex(head.localId),
      utcb: hex(head.utcb),
      priority: numberIf(head.priority),
      cpu,
      ip: hexIf(ip),
      sp: hexIf(field(/^USP: (?<it>[0-9a-f]{8})\b/m)),
      kernelSp: hexIf(field(/^KSP: (?<it>[0-9a-f]{8})\b/m)),
      state,
      queues,
      space: hexIf(field(/space: (?<it>[0-9a-f]{8})\b/)),
      pageDirectory: hexIf(field(/pdir : (?<it>[0-9a-f]{8})\b/)),
      pager: field(/pager: (?<it>\S+)/),
      partner: field(/^partner: (?<it>[^\s,]+)/m),
      savedPartner: field(/saved partner: (?<it>[^\s,]+)/),
      savedState: field(/saved state: (?<it>\w+)/),
      scheduler: field(/scheduler: (?<it>\S+)/),
      timeslice: numberIf(field(/ts length *: +(?<it>\d+)us/)),
      timesliceLeft: numberIf(field(/curr ts: +(?<it>\d+)us/)),
      totalQuantum: numberIf(field(/^total quant: +(?<it>\d+)us/m)),
      sensitivePriority: numberIf(field(/^sens prio: +(?<it>\d+)/m)),
      resources: hexIf(field(/^resources: (?<it>[0-9a-f]{8})\b/m)),
      flags: hexIf(field(/ flags: (?<it>[0-9a-f]{8})\b/)),
      exceptionHandler: field(/^exception handler: (?<it>\S+)/m),
      messageRegisters: words('mr'),
      bufferRegisters: words('br'),
      decoded: {
        queues:
          queues === undefined
            ? undefined
            : queueNames.filter((_, index) => /[A-Z]/.test(queues.charAt(index))),
        isIdle,
      },
    },
    end,
  }
}
