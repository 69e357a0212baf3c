import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { ext2Superblock, superblockAt, superblockSize } from '../formats/ext2.ts'
import { changeExt2, ext2BlockSize, formatExt2, type Ext2Command } from '../media/ext2-tools.ts'
import { ext2Demand, fileBlocks, type Ext2Demand } from './ext2-size.ts'
import type { SourceEntry } from './manifest-entry.ts'

/** How large an ext2 file system is to be: of this many bytes, or as its content needs and so many percent more. */
export type Ext2Size = { readonly bytes: number } | { readonly margin: number }

/** Bytes of a file system for each of its inodes. */
const bytesPerInode = 4096

/** Inodes that are left for what the target writes. */
const spareInodes = 16

/** KiB. mke2fs wants room for its own tables. */
const smallest = 64

/**
 * Writes files into a new ext2 file system, the same bytes each time.
 *
 * @throws {BootstandError} with the numbers when they do not fit.
 */
export const writeExt2Image = async (
  image: string,
  entries: readonly SourceEntry[],
  size: Ext2Size,
): Promise<void> => {
  const demand = ext2Demand(entries)
  if ('margin' in size) await makeFor(image, demand, size.margin)
  else {
    const room = await make(image, demand, Math.floor(size.bytes / ext2BlockSize))
    if (room < demand.blocks) throw await tooLarge(image, entries, demand, size.bytes, room)
  }
  const [place, folder] = [path.basename(image), path.dirname(image)]
  await changeExt2(place, folder, entries.flatMap(commandsFor))
}

/** Makes an empty file system that has room for the demand and a margin. Gives its size in KiB. */
const makeFor = async (image: string, demand: Ext2Demand, margin: number): Promise<number> => {
  const wanted = Math.ceil(demand.blocks * (1 + margin / 100))
  let size = Math.max(smallest, wanted)
  for (;;) {
    // Only mke2fs knows what its own tables take; each time it is short of less.
    const lacking = wanted - (await make(image, demand, size))
    if (lacking <= 0) return size
    size += lacking
  }
}

/** Makes an empty file system of so many KiB. Gives the blocks that are free. */
const make = async (image: string, demand: Ext2Demand, size: number): Promise<number> => {
  const byCount = demand.inodes + spareInodes
  const bySize = Math.floor((size * ext2BlockSize) / bytesPerInode)
  await fs.writeFile(image, '')
  await fs.truncate(image, size * ext2BlockSize)
  await formatExt2({
    ...{ image, offset: 0, size: size * ext2BlockSize },
    // Linux 2.4 says "unsupported inode size" of any other (fs/ext2/super.c).
    inodeSize: 128,
    inodes: Math.max(byCount, bySize),
    label: 'RAMDISK',
  })
  const head = await fs.open(image)
  try {
    const bytes = Buffer.alloc(superblockAt + superblockSize)
    await head.read(bytes, 0, bytes.length, 0)
    return ext2Superblock(bytes)!.freeBlocks
  } finally {
    await head.close()
  }
}

const typeBits = { file: 0o100000, dir: 0o040000, char: 0o020000, block: 0o060000, fifo: 0o010000 }

const commandsFor = (entry: SourceEntry): Ext2Command[] => {
  const name = `/${entry.path}`
  if (entry.type === 'socket') return []
  if (entry.type === 'link') {
    return [['symlink', name, entry.target], ...ownerCommands(name, entry)]
  }
  const mode = `0${(typeBits[entry.type] | entry.mode).toString(8)}`
  return [
    ...createCommands(entry, name),
    ['set_inode_field', name, 'mode', mode],
    ...ownerCommands(name, entry),
  ]
}

const createCommands = (entry: SourceEntry, name: string): Ext2Command[] => {
  if (entry.type === 'file') return [['write', entry.contents!, name]]
  if (entry.type === 'fifo') return makeNode(name, 'p')
  if (entry.type === 'char' || entry.type === 'block') {
    return makeNode(name, entry.type[0]!, String(entry.major), String(entry.minor))
  }
  // Every file system has a root directory.
  return entry.path === '' ? [] : [['mkdir', name]]
}

/** `mknod` knows no paths. */
const makeNode = (name: string, ...node: string[]): Ext2Command[] => {
  const at = name.lastIndexOf('/')
  return [
    ['cd', name.slice(0, at + 1)],
    ['mknod', name.slice(at + 1), ...node],
    ['cd', '/'],
  ]
}

const ownerCommands = (name: string, { uid, gid }: SourceEntry): Ext2Command[] => [
  ...(uid === 0 ? [] : [['set_inode_field', name, 'uid', String(uid)] as const]),
  ...(gid === 0 ? [] : [['set_inode_field', name, 'gid', String(gid)] as const]),
]

const tooLarge = async (
  image: string,
  entries: readonly SourceEntry[],
  demand: Ext2Demand,
  size: number,
  room: number,
): Promise<BootstandError> => {
  const least = await makeFor(image, demand, 0)
  const largest = entries
    .flatMap((it) => (it.type === 'file' ? [it] : []))
    .toSorted((a, b) => b.size - a.size)
    .slice(0, 5)
    .map((it) => `  ${String(fileBlocks(it.size)).padStart(7)} KiB  ${it.path}`)
  return wrong(
    `Expected content for an ext2 file system of ${Math.floor(size / 1024)} KiB, which has room for ${room} KiB; ` +
      `found ${demand.blocks} KiB. It takes --size ${least}K, or leave something out. The largest files:\n${largest.join('\n')}`,
  )
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message)
