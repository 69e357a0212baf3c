import { ext2BlockSize } from '../media/ext2-tools.ts'
import type { RamdiskEntry } from './tree.ts'

/** What files take in an ext2 file system with blocks of 1 KiB. */
export interface Ext2Demand {
  /** At most: debugfs leaves holes where a file has whole blocks of zeros. */
  readonly blocks: number
  readonly inodes: number
}

/** Block numbers that an inode has room for, and a block. */
const direct = 12
const perBlock = ext2BlockSize / 4

/** The first inodes are the system's own; the eleventh is `lost+found`. */
const reservedInodes = 11

/** A symbolic link of less bytes lies in its inode. */
const shortLink = 60

/** Inodes and blocks for files, directories and all that leads to them. The root directory counts. */
export const ext2Demand = (entries: readonly RamdiskEntry[]): Ext2Demand => ({
  inodes: entries.filter((it) => it.path !== '').length + reservedInodes,
  blocks: entries.reduce((sum, it) => sum + blocksOf(it, entries), 0),
})

const blocksOf = (entry: RamdiskEntry, entries: readonly RamdiskEntry[]): number => {
  if (entry.type === 'file') return fileBlocks(entry.size)
  if (entry.type === 'link') return Buffer.byteLength(entry.target) < shortLink ? 0 : 1
  // The root's first block is there before anything is written.
  return entry.type === 'dir' ? folderBlocks(entry.path, entries) - (entry.path === '' ? 1 : 0) : 0
}

/** A file's data, and the blocks that say where it lies: single, double and triple indirect. */
export const fileBlocks = (size: number): number => {
  const data = Math.ceil(size / ext2BlockSize)
  let total = data
  let left = data - direct
  for (let reach = perBlock; left > 0; reach *= perBlock) {
    const here = Math.min(left, reach)
    for (let each = reach; each >= perBlock; each /= perBlock) total += Math.ceil(here / each)
    left -= here
  }
  return total
}

/** A name with its eight bytes before it lies within one block, at a multiple of four. */
const folderBlocks = (path: string, entries: readonly RamdiskEntry[]): number => {
  const prefix = path === '' ? '' : `${path}/`
  const names = entries
    .filter((it) => it.path !== '' && it.path.startsWith(prefix))
    .map((it) => it.path.slice(prefix.length))
    .filter((name) => name !== '' && !name.includes('/'))
  if (path === '') names.push('lost+found')
  let [blocks, used] = [1, 24]
  for (const name of names) {
    const length = 8 + Math.ceil(Buffer.byteLength(name) / 4) * 4
    if (used + length > ext2BlockSize) [blocks, used] = [blocks + 1, 0]
    used += length
  }
  return blocks
}
