import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'

/**
 * Puts bytes at a place, all or none; what is there is replaced. A link stays one, and what it leads to is replaced;
 * mode and owner stay.
 *
 * @throws the system's error when they cannot be written; what was there is as it was then.
 */
export const placeBytes = async (to: string, bytes: Buffer): Promise<void> => {
  await place(to, async (beside, mode) => {
    await fs.writeFile(beside, bytes, { flag: 'wx', mode, flush: true })
  })
}

/** Puts a copy of a file at another place, as `placeBytes` does. */
export const placeFile = async (from: string, to: string): Promise<void> => {
  await place(to, async (beside) => {
    // A copy has the mode of its model.
    await fs.copyFile(from, beside, fs.constants.COPYFILE_EXCL)
  })
}

/** @param make Writes the file beside its place; what takes another's place is nobody else's to read until it is there. */
const place = async (
  to: string,
  make: (beside: string, mode: number) => Promise<void>,
): Promise<void> => {
  const file = await fs.realpath(to).catch(() => to)
  const before = await fs.stat(file).catch(() => undefined)
  // A rename asks only whether the folder may be written.
  if (before !== undefined) await fs.access(file, fs.constants.W_OK)
  const beside = besideOf(file)
  try {
    await make(beside, before === undefined ? 0o666 : 0o600)
    if (before !== undefined) {
      // Only the superuser may give a file away; another's own copy is still right.
      await fs.chown(beside, before.uid, before.gid).catch(() => {})
      await fs.chmod(beside, before.mode & 0o7777)
    }
    await fs.rename(beside, file)
  } catch (error) {
    await fs.rm(beside, { force: true })
    throw error
  }
}

/** A name for the new bytes: only in the same folder does a rename replace a file at once. */
const besideOf = (file: string): string =>
  path.join(path.dirname(file), `.bootstand-${randomBytes(6).toString('hex')}`)

/**
 * What to say when a file that the user named cannot be written: the host's failure if the disk is
 * full or broken, else the user's.
 *
 * @param advice What to do, as a sentence.
 * @returns the error as it is when it is none of the system's.
 */
export const writeError = (file: string, error: unknown, advice: string): unknown => {
  const code = systemCode(error)
  if (code === undefined) return error
  const host = hostProblems[code]
  const message = `Cannot write ${file}: ${host ?? userProblems[code] ?? code}. ${advice}`
  return new BootstandError('BOOTSTAND_OUTPUT', host === undefined ? 'usage' : 'host', message, {
    cause: error,
  })
}

const hostProblems: Record<string, string> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
}

const userProblems: Record<string, string> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
}
