import type { Console } from '../../console/console.ts'
import type { WaitOptions } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import type { KernelProfile } from '../profile.ts'
import { ddbOn } from './ddb.ts'
import { jdbOn } from './jdb.ts'
import { kdbOn } from './kdb.ts'
import { xenKeysOn } from './xen-keys.ts'

/** What a debugger printed behind keys that were typed. */
export interface Answer {
  /** Without carriage returns and escape sequences; the echo of the keys is part of it. */
  readonly text: string
  /** What could be read of it. */
  readonly dumps: readonly Dump[]
}

/** A thread as a list of the debugger shows it. What the list does not say is absent. */
export interface ListedThread {
  /** As `thread` takes it. */
  readonly id: string
  readonly name?: string | undefined
  readonly priority?: number | undefined
  /** Whether it could run now. */
  readonly ready?: boolean | undefined
}

/**
 * The debugger of a kernel, whichever kernel it is. The machine stands still while it answers, but for Xen's.
 *
 * Each question ends with a `BootstandError` when the debugger gives no answer, and where this kernel's has none to
 * give.
 */
export interface Debugger {
  /** Waits until it asks for a command, however it was entered; 5 s unless `options` say otherwise. */
  readonly stopped: (options?: WaitOptions) => Promise<void>
  /** Enters it from outside. */
  readonly enter: () => Promise<void>
  /** Lets the machine go on. */
  readonly continue: () => Promise<void>
  /**
   * Types what the caller likes, each part when the debugger has asked for it, and gives what was
   * printed. A debugger may die of what it is asked: the other questions are known not to kill it.
   */
  readonly command: (...parts: readonly string[]) => Promise<Answer>
  /** What the processor was doing when it was entered. */
  readonly frame: () => Promise<Dump>
  /** Those that it lists: in KDB the ready queue's. */
  readonly threads: () => Promise<readonly ListedThread[]>
  /** A thread, by an id or name of the list; the current one otherwise. */
  readonly thread: (id?: string) => Promise<Dump>
  /** Some memory from an address on, in the current space. */
  readonly memory: (address: number) => Promise<Dump>
}

/** How each is talked to. */
const debuggers = { kdb: kdbOn, jdb: jdbOn, ddb: ddbOn, xen: xenKeysOn } as const satisfies Record<
  string,
  (console: Console) => Debugger
>

/** The debuggers that can be asked. */
export type DebuggerKind = keyof typeof debuggers

/**
 * The debugger of the kernel that runs behind a console.
 *
 * @throws {BootstandError} when the kernel's profile names none.
 */
export const debuggerOn = (console: Console, profile: KernelProfile): Debugger =>
  debuggers[debuggerOf(profile)](console)

/**
 * Which debugger a kernel has.
 *
 * @throws {BootstandError} when its profile names none.
 */
export const debuggerOf = (profile: KernelProfile): DebuggerKind => {
  if (profile.debugger !== undefined) return profile.debugger
  throw new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'usage',
    `Expected a kernel with a debugger that Bootstand can talk to, found ${profile.name}. A scenario of the kernel's own profile has one.`,
  )
}
