import { constants } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../core/typed.ts'
import { kindOf } from './read-menu.ts'
import { writeError } from './place-file.ts'

/**
 * A file that the user named to be written, asked for before the work that fills it. A device or a pipe is
 * refused: one that is written or replaced by mistake is lost.
 *
 * @param option How the user names another place, such as `-o FILE`.
 * @returns its absolute path.
 * @throws {BootstandError} when it cannot be written.
 */
export const fileToWrite = async (output: string, option: string): Promise<string> => {
  const file = path.resolve(output)
  const stat = await fs.stat(file).catch(() => undefined)
  if (stat !== undefined && !stat.isFile()) {
    throw usageError(`Expected a file to write at ${output}, found ${kindOf(stat)}.`)
  }
  const asked = stat === undefined ? path.dirname(file) : file
  await fs.access(asked, constants.W_OK).catch((error: unknown) => {
    throw writeError(file, error, `Name another place with ${option}.`)
  })
  return file
}
