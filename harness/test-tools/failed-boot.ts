import path from 'node:path'
import { vi } from 'vitest'
import { boot } from '../boot/boot.ts'
import { pistachio, type PistachioOptions } from '../boot/pistachio.ts'
import type { Console } from '../console/console.ts'
import { folder } from './sandbox.ts'

/** How a boot fails. */
export interface Failure {
  /** Directory with the images; the stand-ins without. */
  readonly images?: string
  /** What does not come; by default a text that nobody prints. */
  readonly awaits?: (herc: Console) => Promise<unknown>
}

/**
 * Boots into the runs of a sandbox what fails: in less time than the command would, which checks types and starts a test runner.
 *
 * @returns its run folder.
 */
export const failedBoot = async (
  options: PistachioOptions,
  { images, awaits = async (herc) => await herc.waitFor('never') }: Failure = {},
): Promise<string> => {
  vi.stubEnv('BOOTSTAND_RUNS', path.join(folder, 'runs'))
  try {
    await using target = await boot(pistachio(options), { method: 'direct', images })
    await awaits(target.herc).catch(() => {})
    return target.runFolder
  } finally {
    vi.unstubAllEnvs()
  }
}
