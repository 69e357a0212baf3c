import type { StopText } from '../console/stop.ts'
import type { DebuggerKind } from './debugger/debugger.ts'

/** The line that proves that a phase was reached. */
export interface Milestone {
  /** A stage of the boot, such as `kernel`. */
  readonly phase: string
  /** Tried on plain text, one complete line at a time. */
  readonly pattern: RegExp
}

/** Lines that carry measured values, such as pingpong's table. */
export interface MeasuredText {
  /** The line that starts a benchmark; its group `benchmark` names it. */
  readonly heading: RegExp
  /** A measured line; each named group is a value. */
  readonly line: RegExp
}

/**
 * A last line behind which a guest waits for somebody. It ends no wait: a guest may go on printing
 * behind it by itself. It tells why nothing more came.
 */
export interface Prompt {
  /** Who waits: the kernel debugger, a program, or the boot loader. */
  readonly kind: 'debugger' | 'input' | 'loader'
  /** Tried on the last line that is not empty, escape sequences included, without carriage returns. */
  readonly pattern: RegExp
}

/** Threads that begin with one priority. Any of them may be given another one later. */
export interface ThreadClass {
  /** As in `a root server`. */
  readonly name: string
  /** Absent where no source states the number. */
  readonly priority?: number
  readonly source: string
}

/** What a kernel and what runs on it print: all that the code above knows of them. Data, no code. */
export interface KernelProfile {
  readonly name: string
  /**
   * The first line that the booted software itself prints on COM1. What comes before it is the loader's,
   * which echoes the menu: a text found there would prove nothing.
   */
  readonly begins?: RegExp
  /** Which debugger it has, of those that can be asked. */
  readonly debugger?: DebuggerKind
  /** What its debugger prints when it is entered from outside, by a break or a key. */
  readonly breakIn?: RegExp
  /** The same by the line alone: also for a framing error that it takes for a break. */
  readonly lineBreak?: RegExp
  readonly milestones: readonly Milestone[]
  readonly stops: readonly StopText[]
  readonly prompts: readonly Prompt[]
  /** What it prints by itself at any time, to its line's end: a prompt before it is still one. */
  readonly noise?: RegExp
  /** Routines of programs in which they wait for a key. */
  readonly readsKeys?: RegExp
  readonly measurements: readonly MeasuredText[]
  readonly threadClasses?: readonly ThreadClass[]
}
