import type { StopText } from '../console/stop.ts'

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

/** What a kernel and what runs on it print: all that the code above knows of them. Data, no code. */
export interface KernelProfile {
  readonly name: string
  /**
   * The first line that the booted software itself prints. What comes before it is the loader's, which
   * echoes the menu: a text found there would prove nothing.
   */
  readonly begins?: RegExp
  /** What its debugger prints when it is entered from outside, by a break or a key. */
  readonly breakIn?: RegExp
  readonly milestones: readonly Milestone[]
  readonly stops: readonly StopText[]
  readonly measurements: readonly MeasuredText[]
}
