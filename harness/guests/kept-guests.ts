import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { cacheFolder } from '../host/paths.ts'
import type { Guests } from './guests.ts'

/** Guests that are made once. */
export interface GuestRecipe {
  /** For people. */
  readonly label: string
  /** What their folder is called; with another version of what they are made from, otherwise. */
  readonly folderName: () => string | Promise<string>
  /**
   * Makes them.
   *
   * @param work An empty folder.
   * @returns the folder in it with the images.
   */
  readonly make: (work: string, say: (line: string) => void) => Promise<string>
}

/** Guests that are made when they are first booted, and kept. */
export const keptGuests = ({ label, folderName, make }: GuestRecipe): Guests => {
  const bring = async (say: (line: string) => void): Promise<string> => {
    const folder = path.join(cacheFolder, await folderName())
    if (existsSync(folder)) return folder
    await fs.mkdir(cacheFolder, { recursive: true })
    const work = await fs.mkdtemp(`${folder}.`)
    try {
      const made = await make(work, say)
      // Another process may have been quicker.
      await fs.rename(made, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error
      })
      return folder
    } finally {
      await fs.rm(work, { recursive: true, force: true })
    }
  }
  let brought: Promise<string> | undefined
  return { label, bring: async (say) => await (brought ??= bring(say)) }
}
