import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { profiles, type Profile } from '../target/target.ts'

/**
 * The profile of that name; nothing for nothing.
 *
 * @throws {BootstandError} when there is none of that name.
 */
export const parseProfile = (name: string | undefined): Profile | undefined => {
  if (name === undefined) return undefined
  const found = profiles.find((it) => it === name)
  if (found !== undefined) return found
  if (name === 'replay')
    throw usageError(
      'Expected a profile to boot under; under `replay` a recorded run goes again: npx bootstand replay [run].',
    )
  throw usageError(
    `Unknown profile "${name}". Expected one of: ${profiles.join(', ')}.${didYouMean(name, profiles)}`,
  )
}

const usageError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_USAGE', 'usage', message)
