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

/** A regular file that is open for reading. */
export interface OpenFile {
  readonly descriptor: number
  /** Bytes, when it was opened. */
  readonly size: number
}

/**
 * Reads a file that was named or sent by another user. Only regular files are read: opening a FIFO or a device could
 * wait for ever or never end.
 *
 * @throws {BootstandError} `BOOTSTAND_FILE` (culprit: usage) when it is missing, unreadable, not regular or too large.
 */
export const readRegularFile = (file: string, options: ReadOptions = {}): Buffer => {
  const { descriptor, size } = openRegularFile(file, options)
  try {
    return readBytes(descriptor, 0, size)
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * Opens a file as `readRegularFile` does, for readers that need only a part of it. The caller closes it.
 *
 * @throws {BootstandError} as `readRegularFile` does.
 */
export const openRegularFile = (
  file: string,
  { limit = largestFile, what = 'a regular file' }: ReadOptions = {},
): OpenFile => {
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
    return { descriptor, size: stat.size }
  } catch (error) {
    if (descriptor !== undefined) fs.closeSync(descriptor)
    if (error instanceof BootstandError) throw error
    throw wrong(problems[systemCode(error) ?? ''] ?? `an error (${systemCode(error)})`, error)
  }
}

/** Reads bytes of an open file from an offset on; fewer where it ends before. */
export const readBytes = (descriptor: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = fs.readSync(descriptor, bytes, filled, length - filled, offset + filled)
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
