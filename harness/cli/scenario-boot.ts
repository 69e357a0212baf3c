import { boot, type BootOptions } from '../boot/boot.ts'
import type { Scenario } from '../boot/scenario.ts'
import type { BootedTarget } from '../boot/target.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { parseBootMethod } from '../media/build.ts'
import { findScenario } from './catalogue.ts'
import type { BootFlags } from './flags.ts'
import { guestsFor } from './guests.ts'

/** A scenario that was found, and how it is booted. */
export interface ScenarioBoot {
  /** For people. */
  readonly label: string
  readonly profile: KernelProfile
  readonly start: (options: BootOptions) => Promise<BootedTarget>
}

/**
 * Finds what the command line asks to boot.
 *
 * @param changes What is otherwise than the scenario says.
 */
export const scenarioBoot = async (
  name: string,
  flags: BootFlags,
  changes: Pick<Scenario, 'resumes'> = {},
): Promise<ScenarioBoot> => {
  const method = parseBootMethod(flags.method)
  const found = await findScenario(name)
  const guests = await guestsFor(flags.images, found.scenario)
  const images = flags.images === undefined ? undefined : guests.directory
  return {
    label: `${found.name} (${guests.label})`,
    profile: found.scenario.profile,
    start: async (options) =>
      await boot(
        { ...found.scenario, ...changes },
        { name: found.name, method, images, ...options },
      ),
  }
}
