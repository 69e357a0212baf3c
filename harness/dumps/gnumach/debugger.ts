import { codeAddress, describeAddress, type CodeAddress } from '../code-address.ts'
import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { blockOf, match, matches, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'
import { flagsOf, type Flags } from '../x86.ts'

/** A call with its first words on the stack, which need not be arguments. */
export interface MachCall {
  readonly at: CodeAddress
  readonly arguments: readonly Hex[]
}

/** GNU Mach's debugger, ddb, was entered. */
export interface DdbEntry extends Told {
  readonly system: 'gnumach'
  readonly kind: 'debugger-entry'
  /** Why the kernel called it. */
  readonly reason: string | undefined
  /** Such as `Breakpoint`, `Page fault`. */
  readonly trap: string | undefined
  readonly ip: Hex | undefined
  readonly vector: number | undefined
  readonly errorCode: Hex | undefined
  readonly stoppedAt: CodeAddress | undefined
  readonly instruction: string | undefined
  readonly callTrace: readonly MachCall[] | undefined
}

const invoked = /^Debugger invoked: (?<reason>\S.{0,200})$/
const trapped = /^(?:.{0,80} )?Kernel (?<trap>[A-Z][\w -]{1,40}?) trap, eip 0x(?<ip>[0-9a-f]{1,8})$/
const numbered = /^kernel: .{1,60} \((?<vector>\d{1,3})\), code=(?<code>[0-9a-f]{1,8})$/
const stopped = /^Stopped\s+at\s+(?<place>\S+?):\s+(?<instruction>\S.*?)\s*$/
const call = /^(?<place>\S{1,120})\((?<words>[0-9a-f]{0,8}(?:,[0-9a-f]{1,8})*)\)(?:\+0x[0-9a-f]+)?$/
const userSpace = /^>>>>> user space <<<<<$/
/** The debugger itself met the fault, at what it was asked for. */
const caught = /^\s*Caught .{1,60} \(\d+\),\s+code = /

export const readDdbEntry: DumpReader<DdbEntry> = (lines, at) => {
  const reason = match<'reason'>(invoked, lines[at]?.text)?.reason
  let end = reason === undefined ? at : at + 1
  const trap = match<'trap' | 'ip'>(trapped, lines[end]?.text)
  if (reason === undefined && trap === undefined) return undefined
  if (trap !== undefined) end += 1
  if (caught.test(lines[end]?.text ?? '')) return undefined
  const number = match<'vector' | 'code'>(numbered, lines[end]?.text)
  if (number !== undefined) end += 1
  const stop = match<'place' | 'instruction'>(stopped, lines[end]?.text)
  if (stop !== undefined) end += 1
  const trace = traceFrom(lines, end)
  const stoppedAt = stop && codeAddress(stop.place)
  const where = stoppedAt === undefined ? trap?.ip : describeAddress(stoppedAt)
  return {
    dump: {
      system: 'gnumach',
      kind: 'debugger-entry',
      stop: true,
      summary: [
        'GNU Mach entered its debugger',
        reason && `: ${reason}`,
        trap && `, ${trap.trap} trap`,
        where && ` at ${where}`,
      ]
        .filter(Boolean)
        .join(''),
      reason,
      trap: trap?.trap,
      ip: hexIf(trap?.ip),
      vector: numberIf(number?.vector),
      errorCode: hexIf(number?.code),
      stoppedAt,
      instruction: stop?.instruction.replaceAll('\t', ' '),
      callTrace: trace?.calls,
    },
    end: trace?.end ?? end,
  }
}

/** A call trace (ddb's `trace`). */
export interface DdbTrace extends Told {
  readonly system: 'gnumach'
  readonly kind: 'call-trace'
  readonly callTrace: readonly MachCall[]
}

export const readDdbTrace: DumpReader<DdbTrace> = (lines, at) => {
  if (!/^(?:db> )?trace\b/.test(lines[at]?.text ?? '')) return undefined
  const trace = traceFrom(lines, at + 1)
  return (
    trace && {
      dump: {
        system: 'gnumach',
        kind: 'call-trace',
        stop: false,
        summary: `called by ${trace.calls.map((it) => describeAddress(it.at)).join(', ')}`,
        callTrace: trace.calls,
      },
      end: trace.end,
    }
  )
}

const traceFrom = (
  lines: Lines,
  at: number,
): { calls: readonly MachCall[]; end: number } | undefined => {
  const calls: MachCall[] = []
  let end = at
  for (; end < lines.length; end += 1) {
    const text = lines[end]?.text ?? ''
    const found = match<'place' | 'words'>(call, text)
    if (found === undefined && !userSpace.test(text)) break
    const offset = /\+0x([0-9a-f]+)$/.exec(text)?.[1]
    const place =
      found && codeAddress(offset === undefined ? found.place : `${found.place}+0x${offset}`)
    if (found !== undefined)
      calls.push({
        at: place ?? {
          address: undefined,
          symbol: found.place,
          offset: undefined,
          size: undefined,
          module: undefined,
        },
        arguments: found.words === '' ? [] : found.words.split(',').map(hex),
      })
  }
  return calls.length === 0 ? undefined : { calls, end }
}

/** Registers (ddb's `show registers`). */
export interface DdbRegisters extends Told {
  readonly system: 'gnumach'
  readonly kind: 'registers'
  /** By their names in small letters, EFLAGS as `efl`. */
  readonly registers: Readonly<Record<string, Hex>>
  readonly ip: CodeAddress | undefined
  readonly decoded: { readonly flags: Flags | undefined }
}

const registerLine =
  /^(?<name>[c-g]s|ss|e[a-d]x|e[sd]i|e[sb]p|eip|efl)\s+(?:0x)?(?<value>[0-9a-f]{1,8})(?:\s+(?<symbol>[A-Za-z_]\S*))?\s*$/

export const readDdbRegisters: DumpReader<DdbRegisters> = (lines, at) => {
  if (!/^cs\s/.test(lines[at]?.text ?? '')) return undefined
  const { text, end } = blockOf(lines, at, registerLine, 20)
  const found = matches<'name' | 'value' | 'symbol'>(new RegExp(registerLine.source, 'gm'), text)
  if (found.length < 2) return undefined
  const registers = Object.fromEntries(found.map(({ name, value }) => [name, hex(value)] as const))
  const eip = found.find(({ name }) => name === 'eip')
  const place = eip && (codeAddress(eip.symbol) ?? codeAddress(eip.value))
  const ip = eip && place && { ...place, address: hex(eip.value) }
  const { efl } = registers
  return {
    dump: {
      system: 'gnumach',
      kind: 'registers',
      stop: false,
      summary: ip === undefined ? 'registers' : `registers at ${describeAddress(ip)}`,
      registers,
      ip,
      decoded: { flags: efl && flagsOf(efl) },
    },
    end,
  }
}

export interface MachTask {
  readonly number: number
  readonly name: string
  readonly task: Hex
  readonly threads: readonly MachThread[]
}

export interface MachThread {
  readonly number: number
  readonly thread: Hex
  /** A letter a state, as printed: `R` runs, `W` waits, `S` is suspended, … */
  readonly states: string
  /** Where it goes on when it no longer waits: it has no stack meanwhile. */
  readonly continuation: Hex | undefined
  /** What it waits for. */
  readonly event: Hex | undefined
}

/** All threads (ddb's `show all threads`). */
export interface DdbThreads extends Told {
  readonly system: 'gnumach'
  readonly kind: 'threads'
  readonly tasks: readonly MachTask[]
}

const taskLine =
  /^\s*(?<number>\d{1,6}) (?<name>\S{1,60}) \((?<task>[0-9a-f]{8})\):\s+\d+ threads?:$/
const threadLine =
  /^\s+(?<number>\d{1,6})\s+\((?<thread>[0-9a-f]{8})\)\s+(?<states>[A-Z.]{6})(?:\(0x(?<continuation>[0-9a-f]{1,8})\))?(?: (?:0x)?(?<event>[0-9a-f]{1,8}))?\s*$/

export const readDdbThreads: DumpReader<DdbThreads> = (lines, at) => {
  if (!/^\s*TASK\s+THREADS\s*$/.test(lines[at]?.text ?? '')) return undefined
  const tasks: (Omit<MachTask, 'threads'> & { readonly threads: MachThread[] })[] = []
  let end = at + 1
  for (; end < lines.length; end += 1) {
    const text = lines[end]?.text
    const task = match<'number' | 'name' | 'task'>(taskLine, text)
    const thread = match<'number' | 'thread' | 'states' | 'continuation' | 'event'>(
      threadLine,
      text,
    )
    const last = tasks.at(-1)
    if (task !== undefined)
      tasks.push({
        number: Number(task.number),
        name: task.name,
        task: hex(task.task),
        threads: [],
      })
    else if (thread !== undefined && last !== undefined)
      last.threads.push({
        number: Number(thread.number),
        thread: hex(thread.thread),
        states: thread.states,
        continuation: hexIf(thread.continuation),
        event: hexIf(thread.event),
      })
    else break
  }
  return {
    dump: {
      system: 'gnumach',
      kind: 'threads',
      stop: false,
      summary: tasks.map(({ name, threads }) => `${threads.length} threads of ${name}`).join(', '),
      tasks,
    },
    end,
  }
}

/** A thread (ddb's `show thread`). */
export interface DdbThread extends Told, Pick<MachThread, 'number' | 'thread' | 'states'> {
  readonly system: 'gnumach'
  readonly kind: 'thread'
  readonly task: { readonly number: number; readonly task: Hex }
}

const oneThread =
  /^task (?<taskNumber>\d{1,6})\((?<task>[0-9a-f]{8})\): thread (?<number>\d{1,6})\((?<thread>[0-9a-f]{8})\) (?<states>[A-Z.]{6})/

export const readDdbThread: DumpReader<DdbThread> = (lines, at) => {
  const found = match<'taskNumber' | 'task' | 'number' | 'thread' | 'states'>(
    oneThread,
    lines[at]?.text,
  )
  return (
    found && {
      dump: {
        system: 'gnumach',
        kind: 'thread',
        stop: false,
        summary: `thread ${found.number} of task ${found.taskNumber}, ${found.states}`,
        task: { number: Number(found.taskNumber), task: hex(found.task) },
        number: Number(found.number),
        thread: hex(found.thread),
        states: found.states,
      },
      end: at + 1,
    }
  )
}

/** A piece of memory (ddb's `x/x`). */
export interface DdbMemory extends Told {
  readonly system: 'gnumach'
  readonly kind: 'memory'
  /** Of the first word, as it was asked for. */
  readonly address: Hex
  /** Of 32 bits, one behind the other. */
  readonly words: readonly Hex[]
}

const examined = /^(?:db> )?x\/x 0x(?<address>[0-9a-f]{1,8}),[0-9a-f]{1,4}$/
const wordLine = /^(?:[A-Za-z_]\S{0,120}:)?\s+(?<words>[0-9a-f]{1,8}(?:\s+[0-9a-f]{1,8})*)\s*$/

export const readDdbMemory: DumpReader<DdbMemory> = (lines, at) => {
  const address = match<'address'>(examined, lines[at]?.text)?.address
  if (address === undefined) return undefined
  const { text, end } = blockOf(lines, at + 1, wordLine)
  const words = text
    .split('\n')
    .flatMap((it) => match<'words'>(wordLine, it)?.words.split(/\s+/) ?? [])
  if (words.length === 0) return undefined
  return {
    dump: {
      system: 'gnumach',
      kind: 'memory',
      stop: false,
      summary: `${words.length} words of memory from 0x${address} on`,
      address: hex(address),
      words: words.map(hex),
    },
    end,
  }
}
