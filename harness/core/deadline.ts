import { BootstandError } from './errors.ts'
import { formatDuration } from './text.ts'

/**
 * How long a wait may take, and what else ends it. All but the last are milliseconds; each holds for itself,
 * and a slow host's are longer (`bootstand doctor`).
 */
export interface WaitOptions {
  /**
   * On the wall clock, less the time in which a busy host kept QEMU waiting for a processor; 30,000 by default, 300,000
   * beside `instructions`.
   */
  readonly within?: number
  /** Of processor time that the emulator uses. A busy host makes no difference, an idle guest uses little. */
  readonly cpu?: number
  /** In which nothing comes. What came before the wait does not count. */
  readonly silence?: number
  /** Instructions of the guest, on a machine that counts them. */
  readonly instructions?: number
  /** Ends the wait at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Deadlines of a boot, in milliseconds; a caller may give its own. */
export const deadlines = {
  /** A text on a console. A cold boot of Pistachio under TCG takes 3 to 7 s on an idle host. */
  print: 30_000,
  /** Where a wait has a deadline in instructions, which a guest that is halted never comes to. */
  beside: 300_000,
  /** From starting QEMU to its monitor's greeting. */
  emulatorStart: 10_000,
  /** An answer of QEMU's monitor, whose thread may wait for long while the guest's reads devices on the same processor. */
  monitorAnswer: 10_000,
  /** QEMU's answer when it has written a machine's memory to a disk, or read it from there. */
  machineState: 60_000,
  /** Until typed keys are in the guest's FIFO. */
  typing: 10_000,
  /** Until the end of a run is written beside its verdict. */
  evidence: 2_000,
  /** From asking QEMU to leave to its end, before harder means are used. */
  emulatorQuit: 2_000,
} as const

/**
 * Settles as `promise` does, or with `onTimeout`'s error after `within` milliseconds.
 * The timer does not outlive the promise.
 *
 * @param time A clock that may stand still for a while.
 */
export const withDeadline = async <T>(
  promise: Promise<T>,
  within: number,
  onTimeout: () => Error,
  time = (): number => performance.now(),
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    const over = time() + within
    const look = () => {
      const left = over - time()
      if (left <= 0) reject(onTimeout())
      else timer = setTimeout(look, Math.ceil(left))
    }
    look()
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** The deadlines of a wait, as this host needs them. */
export interface Deadlines {
  readonly within: number
  readonly cpu?: number | undefined
  readonly silence?: number | undefined
  readonly instructions?: number | undefined
  /** By which the first three were multiplied. */
  readonly slowness: number
}

/** Which deadline a wait has missed. */
export type DeadlineKind = Exclude<keyof Deadlines, 'slowness'>

/**
 * The deadlines that a caller gave, and the default one.
 *
 * @throws {BootstandError} when one is none.
 */
export const deadlinesOf = (options: WaitOptions, slowness: number): Deadlines => {
  const { cpu, silence, instructions } = options
  const { within = instructions === undefined ? deadlines.print : deadlines.beside } = options
  const scaled = (name: string, milliseconds: number | undefined) =>
    milliseconds === undefined
      ? undefined
      : Math.min(checkedDeadline(milliseconds, ` as \`${name}\``) * slowness, longestDeadline)
  return {
    within: scaled('within', within)!,
    cpu: scaled('cpu', cpu),
    silence: scaled('silence', silence),
    instructions: instructions === undefined ? undefined : checkedCount(instructions),
    slowness,
  }
}

/** A clause that names a deadline: `within 30.00 s`. */
export const describeDeadline = (kind: DeadlineKind, given: Deadlines): string => {
  const value = given[kind]!
  if (kind === 'instructions')
    return `within ${value.toLocaleString('en')} instructions of the guest`
  const { slowness } = given
  const scale =
    slowness === 1 ? '' : ` (${formatDuration(value / slowness)}, times ${slowness} for this host)`
  const duration = formatDuration(value) + scale
  return {
    within: `within ${duration}`,
    cpu: `within ${duration} of QEMU's processor time`,
    silence: `before nothing had come for ${duration}`,
  }[kind]
}

/** The longest that a timer of Node can run, in milliseconds. */
const longestDeadline = 2 ** 31 - 1

/** @throws {BootstandError} when a deadline is none that a timer can keep. */
export const checkedDeadline = (milliseconds: number, what = ''): number => {
  if (milliseconds >= 0 && milliseconds <= longestDeadline) return milliseconds
  throw new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    `Expected a deadline of 0 to ${longestDeadline} milliseconds${what}, found ${milliseconds}.`,
  )
}

/** @throws {BootstandError} when it is no number of instructions. */
const checkedCount = (instructions: number): number => {
  if (instructions >= 0 && Number.isSafeInteger(instructions)) return instructions
  throw new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    `Expected a whole number of instructions as a deadline, found ${instructions}.`,
  )
}
