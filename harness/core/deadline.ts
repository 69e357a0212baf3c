import { BootstandError } from './errors.ts'

/** How long a wait may take, in milliseconds, and what else ends it. */
export interface WaitOptions {
  /** Milliseconds until the wait fails. */
  readonly within?: number
  /** Ends the wait at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Deadlines of a boot, in milliseconds; a caller may give its own. */
export const deadlines = {
  /** A text on a console. A cold boot of Pistachio under TCG takes 3 to 7 s on an idle host. */
  print: 30_000,
  /** From starting QEMU to its monitor's greeting. */
  emulatorStart: 10_000,
  /** An answer of QEMU's monitor. */
  monitorAnswer: 5_000,
  /** Until typed keys are in the guest's FIFO. */
  typing: 10_000,
  /** From asking QEMU to leave to its end, before harder means are used. */
  emulatorQuit: 2_000,
} as const

/**
 * Settles as `promise` does, or with `onTimeout`'s error after `within` milliseconds.
 * The timer does not outlive the promise.
 */
export const withDeadline = async <T>(
  promise: Promise<T>,
  within: number,
  onTimeout: () => Error,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onTimeout()), within)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** The longest that a timer of Node can run, in milliseconds. */
const longestDeadline = 2 ** 31 - 1

/** @throws {BootstandError} when a deadline is none that a timer can keep. */
export const checkedDeadline = (milliseconds: number): number => {
  if (milliseconds >= 0 && milliseconds <= longestDeadline) return milliseconds
  throw new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    `Expected a deadline of 0 to ${longestDeadline} milliseconds, found ${milliseconds}.`,
  )
}
