import fs from 'node:fs/promises'
import path from 'node:path'
import { systemCode } from '../core/errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import {
  ext2Superblock,
  superblockAt,
  superblockSize,
  type Ext2Superblock,
} from '../formats/ext2.ts'
import { fileSource } from '../host/file-source.ts'
import { writeError } from '../host/place-file.ts'
import { kindOf } from '../host/read-menu.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { ramdiskError, type Listing } from './listing.ts'
import { listArchive } from './read-archive.ts'
import { listExt2 } from './read-ext2.ts'
import { isPacked, unpacked } from './unpack.ts'

/** A ramdisk that was opened. */
export interface Ramdisk extends AsyncDisposable, Listing {
  /** As the user named it. */
  readonly file: string
  /** Bytes of the file. */
  readonly storedSize: number
  readonly isZipped: boolean
  /** Bytes when unzipped. */
  readonly size: number
  /** Nothing for an archive. `image` is a file with the unzipped bytes. */
  readonly fileSystem?: Ext2Superblock & { readonly image: string }
}

/**
 * Opens an ext2 file system or a cpio archive, compressed or not.
 *
 * @throws {BootstandError} when it is neither.
 */
export const openRamdisk = async (file: string): Promise<Ramdisk> => {
  const { size: storedSize } = await assertReadable(file)
  const stored = path.resolve(file)
  const opened = fileSource(stored)
  let folder: AsyncDisposable | undefined
  const dispose = async () => {
    opened[Symbol.dispose]()
    await folder?.[Symbol.asyncDispose]()
  }
  try {
    const isZipped = isPacked(headOf(opened))
    const unpackedAt = async (source: ByteSource, start: number) =>
      bytesSource(await unpacked(source.read(start, source.size - start), file))
    const source = isZipped ? await unpackedAt(opened, 0) : opened
    const superblock = ext2Superblock(headOf(source))
    const base = { file, storedSize, isZipped, size: source.size, [Symbol.asyncDispose]: dispose }
    if (superblock === undefined)
      return {
        ...base,
        ...(await listArchive(source, file, async (at) => await unpackedAt(source, at))),
      }
    const listing = listWhole(source, superblock, file)
    let image = stored
    if (isZipped) {
      const made = await temporaryFolder()
      folder = made
      image = path.join(made.path, 'ramdisk')
      await fs.writeFile(image, source.read(0, source.size)).catch((error: unknown) => {
        throw writeError(image, error, 'Make room.')
      })
    }
    return { ...base, ...listing, fileSystem: { ...superblock, image } }
  } catch (error) {
    await dispose()
    throw error
  }
}

const headOf = ({ read }: ByteSource): Buffer => read(0, superblockAt + superblockSize)

/** Bytes in memory. */
const bytesSource = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
})

const listWhole = (source: ByteSource, superblock: Ext2Superblock, file: string): Listing => {
  const length = superblock.blocks * superblock.blockSize
  if (source.size < length)
    throw ramdiskError(
      `${file} is cut off: expected a file system of ${length} bytes, found ${source.size}.`,
    )
  return listExt2(source, file)
}

const assertReadable = async (file: string): Promise<{ size: number }> => {
  const expected = `Expected a ramdisk at ${file}`
  const stat = await fs.stat(file).catch((error: unknown) => {
    const code = systemCode(error)
    throw ramdiskError(
      `${expected}, ${code === 'ENOENT' ? 'found nothing' : `found none that can be read (${code})`}.`,
    )
  })
  if (!stat.isFile()) throw ramdiskError(`${expected}, found ${kindOf(stat)}.`)
  await fs.access(file, fs.constants.R_OK).catch((error: unknown) => {
    throw ramdiskError(`${expected}, found none that can be read (${systemCode(error)}).`)
  })
  return stat
}
