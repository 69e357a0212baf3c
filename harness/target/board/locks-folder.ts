import fs from 'node:fs'
import path from 'node:path'
import { BootstandError, systemCode } from '../../core/errors.ts'

/** The folder of locks that all users of a machine share (FHS 3.0, 5.9). */
const sharedFolder = '/run/lock'

/**
 * Returns the folder of the boards' locks: `BOOTSTAND_LOCKS`, else `/run/lock`, where the users of a machine see each
 * other's. Where that cannot be used, as in some containers, the user's own `XDG_RUNTIME_DIR`.
 *
 * @throws {BootstandError} when it is not safe: other users could replace a lock in it.
 */
export const locksFolder = (): string => {
  const { BOOTSTAND_LOCKS: given = '', XDG_RUNTIME_DIR: own = '' } = process.env
  if (given !== '') return usable(path.resolve(given), { isMade: true })
  const candidates = [sharedFolder, ...(path.isAbsolute(own) ? [own] : [])]
  for (const folder of candidates) if (problemOf(folder) === undefined) return folder
  return usable(sharedFolder, { isMade: false })
}

const usable = (folder: string, { isMade }: { readonly isMade: boolean }): string => {
  try {
    if (isMade) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unusable(folder, `it cannot be made (${systemCode(error)})`)
  }
  const problem = problemOf(folder)
  if (problem === undefined) return folder
  throw unusable(folder, problem)
}

/** Returns why a folder cannot be used, as a clause. */
const problemOf = (folder: string): string | undefined => {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return 'it does not exist'
  if (!stat.isDirectory()) return 'it is a link or a file'
  if (stat.uid !== 0 && stat.uid !== process.getuid!()) return 'it belongs to another user'
  const isWritable = (stat.mode & 0o022) !== 0
  if (isWritable && (stat.mode & 0o1000) === 0)
    return 'others may replace files in it: it has no sticky bit'
  return undefined
}

const unusable = (folder: string, reason: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_BOARD_LOCK',
    'host',
    `Expected a folder for the locks of boards at ${folder} that is yours or root's; ${reason}. Name another one in BOOTSTAND_LOCKS.`,
  )
