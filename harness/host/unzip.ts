import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import { BootstandError, systemCode } from '../core/errors.ts'
import { formatSize } from '../core/text.ts'
import { shortPath } from './paths.ts'

/**
 * Bytes of a file that is booted from memory, after it was unpacked. A few kilobytes can claim to be terabytes.
 */
export const largestBootFile = 256 * 1024 ** 2

/** Returns whether bytes begin as a gzip file. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

const gunzipAsync = promisify(gunzip)
const options = { maxOutputLength: largestBootFile }

/**
 * Unzips a gzip file; other bytes are returned as they are. GRUB unzips kernels and modules itself, QEMU's loader does
 * not.
 *
 * @param file Where the bytes come from, for the message.
 * @throws {BootstandError} `BOOTSTAND_UNPACKED` when they unpack to more than `largestBootFile`, and zlib's error when
 *   they are damaged.
 */
export const unzipped = async (stored: Buffer, file: string): Promise<Buffer> => {
  if (!isGzip(stored)) return stored
  try {
    return await gunzipAsync(stored, options)
  } catch (error) {
    throw explained(error, file)
  }
}

/** Unzips as GRUB does: a damaged gzip file is returned as it is stored. */
export const unzippedAsByGrub = async (stored: Buffer, file: string): Promise<Buffer> =>
  await unzipped(stored, file).catch((error: unknown) => storedIfDamaged(error, stored))

/** Unzips as GRUB does, without waiting. */
export const unzippedAsByGrubSync = (stored: Buffer, file: string): Buffer => {
  if (!isGzip(stored)) return stored
  try {
    return gunzipSync(stored, options)
  } catch (error) {
    return storedIfDamaged(explained(error, file), stored)
  }
}

const storedIfDamaged = (error: unknown, stored: Buffer): Buffer => {
  if (error instanceof BootstandError) throw error
  return stored
}

const explained = (error: unknown, file: string): unknown =>
  systemCode(error) === 'ERR_BUFFER_TOO_LARGE' ? unpacksTooLarge(file) : error

/** The error for a compressed file that unpacks to more than `largestBootFile`. */
export const unpacksTooLarge = (file: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_UNPACKED',
    'usage',
    `Expected ${shortPath(file)} to unpack to ${formatSize(largestBootFile)} at the most, found more. ` +
      'If it is meant to be so large, unpack it yourself and name the unpacked file.',
  )
