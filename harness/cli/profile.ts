import { usageError, typedChoice } from '../core/typed.ts'
import { profiles, type Profile } from '../target/target.ts'

/**
 * The profile of that name; nothing for nothing.
 *
 * @throws {BootstandError} when there is none of that name.
 */
export const parseProfile = (name: string | undefined): Profile | undefined => {
  if (name === undefined) return undefined
  if (name === 'replay')
    throw usageError(
      'Expected a profile to boot under; under `replay` a recorded run goes again: npx bootstand replay [run].',
    )
  return typedChoice('profile', name, profiles)
}
