import { BootstandError } from './errors.ts'
import { didYouMean } from './nearest.ts'

/** The error of words on a command line that mean nothing. */
export const usageError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_USAGE', 'usage', message)

/**
 * The one of several names that was typed.
 *
 * @param what They are names of: `boot method`.
 * @throws {BootstandError} when it is none of them.
 */
export const typedChoice = <T extends string>(
  what: string,
  typed: string,
  names: readonly T[],
): T => {
  const found = names.find((it) => it === typed)
  if (found !== undefined) return found
  throw usageError(
    `Unknown ${what} "${typed}". Expected one of: ${names.join(', ')}.${didYouMean(typed, names)}`,
  )
}

/** What a number on a command line may be. */
interface Whole {
  readonly least?: number
  readonly most: number
  /** What it counts: `KiB`. */
  readonly of?: string
}

/**
 * A whole number that was typed behind an option: decimal digits, the first of which is no idle zero.
 *
 * @param option As it is typed: `--retries`.
 * @throws {BootstandError} when it is none, or too small or too large.
 */
export const typedWhole = (
  option: string,
  typed: string,
  { least = 1, most, of }: Whole,
): number => {
  const number = Number(typed)
  if (/^(?:0|[1-9]\d*)$/.test(typed) && number >= least && number <= most) return number
  throw usageError(
    `Expected a whole number${of === undefined ? '' : ` of ${of}`} from ${least} to ${most} behind ${option}, found "${typed}".`,
  )
}
