import path from 'node:path'
import type { Scenario } from '../boot/scenario.ts'
import { usageError } from '../core/typed.ts'
import { buildStandIns, standInFolder } from '../host/stand-ins.ts'
import { sayDim } from './print.ts'

/** Which guests a command boots. */
export interface BootedGuests {
  readonly directory: string
  /** For people. */
  readonly label: string
}

/** The user's images, or the scenario's own guests, or the stand-ins, brought as far as they are out of date. */
export const guestsFor = async (
  images: string | undefined,
  { guests }: Pick<Scenario, 'guests'> = {},
): Promise<BootedGuests> => {
  if (images === '') {
    throw usageError(
      '--images is empty. Expected a directory with boot images; is a variable not set?',
    )
  }
  if (images !== undefined) {
    const directory = path.resolve(images)
    return { directory, label: `images in ${directory}` }
  }
  if (guests !== undefined) return { directory: await guests.bring(sayDim), label: guests.label }
  await buildStandIns(() => {})
  return { directory: standInFolder, label: 'stand-in guests' }
}
