import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { buildStandIns, standInFolder } from '../host/stand-ins.ts'

/** Which guests a command boots. */
export interface Guests {
  readonly directory: string
  /** For people. */
  readonly label: string
}

/** The user's images, or the stand-ins, built as far as they are out of date. */
export const guestsFor = async (images: string | undefined): Promise<Guests> => {
  if (images === '') {
    throw new BootstandError(
      'BOOTSTAND_USAGE',
      'usage',
      '--images is empty. Expected a directory with boot images; is a variable not set?',
    )
  }
  if (images !== undefined) {
    const directory = path.resolve(images)
    return { directory, label: `images in ${directory}` }
  }
  await buildStandIns(() => {})
  return { directory: standInFolder, label: 'stand-in guests' }
}
