/** What proves each, and who is to blame for it: docs/verdicts.md. */
export const outcomes = [
  /** The last wait was met, and the harness switched the machine off. */
  'finished',
  /** The same, and the test itself awaited the text of a crash. */
  'expected-panic',
  /** The guest printed that it cannot go on, or reported a panic to the machine. */
  'crashed',
  /** The guest reset the machine. */
  'reset',
  /** The guest faulted while it handled a double fault, by which a processor resets. */
  'triple-fault',
  /** The guest switched the machine off. */
  'shutdown',
  /** The processor stands still with interrupts off: nothing wakes it. */
  'halted',
  /** The processor goes round in a few instructions, and nothing is printed. */
  'spinning',
  /** The kernel debugger waits for a key. */
  'waiting-in-debugger',
  /** A program waits for keys. */
  'waiting-for-input',
  /** The loader or the firmware has stopped, or has not started the kernel. */
  'waiting-in-loader',
  /** The guest runs or idles, and nothing is printed: it may print elsewhere. */
  'silent',
  /** The guest prints, but not what was awaited. */
  'still-printing',
  /** The guest printed what it should not. */
  'not-quiet',
  /** QEMU did not start, died or does not answer. */
  'emulator-failed',
  /** The host took something away: disk space, or the processor. */
  'host-failed',
  /** The run was ended from outside, or its test took too long. */
  'cancelled',
] as const
export type Outcome = (typeof outcomes)[number]

/** Outcomes that a text on a console proves. */
export type StopOutcome = Extract<Outcome, 'crashed' | 'waiting-in-debugger' | 'waiting-in-loader'>

/** Outcomes that an examination of a running machine proves. */
export type HangOutcome = Extract<
  Outcome,
  | 'halted'
  | 'spinning'
  | 'waiting-in-debugger'
  | 'waiting-for-input'
  | 'waiting-in-loader'
  | 'silent'
  | 'still-printing'
  | 'emulator-failed'
  | 'host-failed'
>

/** Whether a boot came to the end that its test wanted. */
export const isWantedOutcome = (outcome: Outcome): boolean =>
  outcome === 'finished' || outcome === 'expected-panic'
