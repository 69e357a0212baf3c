import fs from 'node:fs'
import { BootstandError, systemCode } from '../core/errors.ts'
import { formatSize } from '../core/text.ts'
import { shortPath } from './paths.ts'

/** Bytes. More than any kernel, ramdisk or CD image that is booted from memory. */
const largestFile = 2 ** 30

/** How `readRegularFile` reads. */
export interface ReadOptions {
  /** Bytes that are read at the most; 1 GiB by default. A larger file is rejected. */
  readonly limit?: number
  /** What the file is, for the message, such as `a verdict`; `a regular file` by default. */
  readonly what?: string
}

/**
 * Reads a file that was named or sent by somebody else. Only regular files are read: opening a FIFO or a device could
 * wait for ever or never end.
 *
 * @throws {BootstandError} `BOOTSTAND_FILE` (culprit: usage) when it is missing, unreadable, not regular or too large.
 */
export const readRegularFile = (
  file: string,
  { limit = largestFile, what = 'a regular file' }: ReadOptions = {},
): Buffer => {
  const wrong = (found: string, cause?: unknown) =>
    new BootstandError(
      'BOOTSTAND_FILE',
      'usage',
      `Expected ${what} at ${shortPath(file)}, found ${found}.`,
      { cause },
    )
  let descriptor: number | undefined
  try {
    // Without O_NONBLOCK the open itself would wait for a FIFO's writer.
    descriptor = fs.openSync(
      file,
      fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY,
    )
    const stat = fs.fstatSync(descriptor)
    if (!stat.isFile()) throw wrong(kindOf(stat))
    if (stat.size > limit)
      throw wrong(`${formatSize(stat.size)}; the limit is ${formatSize(limit)}`)
    return readUpTo(descriptor, stat.size)
  } catch (error) {
    if (error instanceof BootstandError) throw error
    throw wrong(problems[systemCode(error) ?? ''] ?? `an error (${systemCode(error)})`, error)
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/** A file that grows meanwhile is read as long as it was. */
const readUpTo = (descriptor: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  let filled = 0
  while (filled < size) {
    const count = fs.readSync(descriptor, bytes, filled, size - filled, filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

const kindOf = (stat: fs.Stats): string => {
  if (stat.isDirectory()) return 'a directory'
  if (stat.isFIFO()) return 'a FIFO'
  return stat.isSocket() ? 'a socket' : 'a device'
}

const problems: Record<string, string> = {
  ENOENT: 'nothing',
  ENOTDIR: 'a file where a directory is named',
  ELOOP: 'a symbolic link that leads to itself',
  EACCES: 'a file that you may not read',
  EPERM: 'a file that you may not read',
  ENXIO: 'a socket',
  ENAMETOOLONG: 'a name that is too long',
}
