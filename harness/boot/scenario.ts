import { prettifyError, type ZodType } from 'zod'
import type { BootSet, MenuSet } from '../bootset/boot-set.ts'
import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { MachineOptions } from '../target/target.ts'

/**
 * What to boot and on what. Plain data: making one opens nothing.
 *
 * @typeParam Role The consoles that a target of this scenario has.
 */
export interface Scenario<Role extends string = string> {
  readonly title: string
  /** Files that a menu is written for, or a menu that is booted as it is. */
  readonly bootSet: BootSet | MenuSet
  readonly profile: KernelProfile
  readonly machine: MachineOptions
  /** Roles of the serial ports, COM1's first; all at `speed` baud. */
  readonly consoles: readonly Role[]
  readonly speed: number
}

/** Whether an unknown value, such as what a file exports, is a scenario. */
export const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' && value !== null && 'bootSet' in value && 'profile' in value

/**
 * Checks the options of a scenario as they come from a user's file.
 *
 * @throws {BootstandError} that says what was expected and found, for each option.
 */
export const checkOptions = <T>(
  maker: string,
  schema: ZodType<T>,
  known: readonly string[],
  options: unknown,
): T => {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const hints = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => didYouMean(key, known)) : [],
  )
  throw new BootstandError(
    'BOOTSTAND_SCENARIO',
    'usage',
    `${maker}(…) was given options that it cannot take:\n${prettifyError(result.error)}${hints.join('')}`,
  )
}
