import { createReadStream, createWriteStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { BootstandError, systemCode } from '../core/errors.ts'
import {
  ext2Superblock,
  superblockAt,
  superblockSize,
  type Ext2Superblock,
} from '../formats/ext2.ts'
import { kindOf } from '../host/read-menu.ts'
import { writeError } from '../host/place-file.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { listArchive, readFromArchive } from './read-archive.ts'
import { listExt2, readFromExt2 } from './read-ext2.ts'
import type { RamdiskEntry, RamdiskTree } from './tree.ts'

/** A ramdisk that is looked into. */
export interface Ramdisk extends AsyncDisposable {
  /** As the user named it. */
  readonly file: string
  /** Bytes of the file. */
  readonly storedSize: number
  readonly isZipped: boolean
  /** The unzipped bytes, in a file. */
  readonly image: string
  /** Bytes when unzipped. */
  readonly size: number
  /** Nothing for an archive. */
  readonly superblock?: Ext2Superblock
  readonly tree: RamdiskTree
  /** A regular file's bytes, by an entry of the tree. */
  readonly read: (entry: RamdiskEntry) => Promise<Buffer>
}

/**
 * Opens an ext2 file system or a cpio archive, zipped or not.
 *
 * @throws {BootstandError} when it is neither.
 */
export const openRamdisk = async (file: string): Promise<Ramdisk> => {
  const { size: storedSize } = await assertReadable(file)
  const isZipped = (await headOf(file)).subarray(0, 2).toString('hex') === '1f8b'
  const folder = isZipped ? await temporaryFolder() : undefined
  const dispose = async () => await folder?.[Symbol.asyncDispose]()
  try {
    const image = folder === undefined ? path.resolve(file) : path.join(folder.path, 'ramdisk')
    if (isZipped) await unzip(file, image)
    const opened = await lookInto(image, file)
    return { file, storedSize, isZipped, ...opened, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

const lookInto = async (
  image: string,
  file: string,
): Promise<Pick<Ramdisk, 'image' | 'size' | 'superblock' | 'tree' | 'read'>> => {
  const { size } = await fs.stat(image)
  const head = await headOf(image)
  const superblock = ext2Superblock(head)
  if (superblock !== undefined) {
    const length = superblock.blocks * superblock.blockSize
    if (size < length)
      throw wrong(`${file} is cut off: expected a file system of ${length} bytes, found ${size}.`)
    const { tree, inodes } = await listExt2(image)
    const read: Ramdisk['read'] = async ({ path: name }) =>
      await readFromExt2(image, inodes.get(name)!)
    return { image, size, superblock, tree, read }
  }
  if (!isArchive(head)) {
    throw wrong(
      `Expected a ramdisk, an ext2 file system or a cpio archive, perhaps zipped, at ${file}; found neither.`,
    )
  }
  const { tree, homes } = await listArchive(image, file)
  const read: Ramdisk['read'] = async ({ path: name }) =>
    await readFromArchive(image, homes.get(name) ?? name)
  return { image, size, tree, read }
}

const assertReadable = async (file: string): Promise<{ size: number }> => {
  const expected = `Expected a ramdisk at ${file}`
  const stat = await fs.stat(file).catch((error: unknown) => {
    const code = systemCode(error)
    throw wrong(
      `${expected}, ${code === 'ENOENT' ? 'found nothing' : `found none that can be read (${code})`}.`,
    )
  })
  if (!stat.isFile()) throw wrong(`${expected}, found ${kindOf(stat)}.`)
  await fs.access(file, fs.constants.R_OK).catch((error: unknown) => {
    throw wrong(`${expected}, found none that can be read (${systemCode(error)}).`)
  })
  return stat
}

const headOf = async (file: string): Promise<Buffer> => {
  const handle = await fs.open(file)
  try {
    const size = superblockAt + superblockSize
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** By the magic of cpio's text and binary forms, or of a compression that bsdtar undoes: xz, lzma, zstd, bzip2, lz4. */
const isArchive = (head: Buffer): boolean =>
  /^(?:07070[127]|\xc7\x71|\x71\xc7|\xfd7zXZ|\x5d\x00\x00|\x28\xb5\x2f\xfd|BZh|\x04\x22\x4d\x18|\x02\x21\x4c\x18)/.test(
    head.toString('latin1', 0, 6),
  )

const unzip = async (file: string, image: string): Promise<void> => {
  await pipeline(createReadStream(file), createGunzip(), createWriteStream(image)).catch(
    (error: unknown) => {
      const code = systemCode(error)
      if (code?.startsWith('Z_') === true) {
        throw wrong(
          `${file} begins as a gzip file and cannot be unzipped: ${(error as Error).message}.`,
        )
      }
      throw writeError(image, error, 'Make room.')
    },
  )
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message)
