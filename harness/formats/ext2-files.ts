import type { ByteSource } from './byte-source.ts'
import { ext2Superblock, superblockAt, superblockSize, type Ext2Superblock } from './ext2.ts'
import { fileNameText } from './file-name-text.ts'

/** An inode: a file without its name. */
export interface Ext2Inode {
  /** Type and permissions (stat(2)). */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes. */
  readonly size: number
  /** The 60 bytes that name the file's blocks, or hold a short link's target or a device's numbers. */
  readonly map: Buffer
  readonly hasExtents: boolean
}

/** A name in a directory. */
export interface Ext2Name {
  readonly name: string
  readonly inode: number
}

/** What is wrong with a file system, as the rest of a sentence. */
export class Ext2Defect extends Error {}

/** The number of the root directory's inode. */
export const rootInode = 2

const extentsFlag = 0x80000
const inlineDataFlag = 0x1000_0000
const directBlocks = 12
const extentMagic = 0xf30a
/** Levels of a tree of extents: five reach every block. */
const deepestExtents = 5
/** Entries of one file's tree. A small tree whose nodes share their children would have billions. */
const mostExtents = 100_000
/** An extent longer than this is allocated but not written, so it reads as zeros. */
const longestExtent = 32_768

interface Extent {
  readonly first: number
  readonly count: number
  readonly block: number
}

/**
 * Reads the files of an ext2 file system, and of ext3 and ext4 as far as they are the same, by the numbers of their
 * inodes. Every size and number comes from the image, so each is checked before it is used.
 *
 * Sources: Linux' fs/ext2/ext2.h and Documentation/filesystems/ext4/.
 */
export class Ext2Files {
  readonly #source: ByteSource
  readonly #head: Ext2Superblock

  /** @throws {Ext2Defect} when there is no file system. */
  constructor(source: ByteSource) {
    const head = ext2Superblock(source.read(0, superblockAt + superblockSize))
    if (head === undefined) throw new Ext2Defect('has no superblock')
    if (head.inodeSize < 128 || head.inodesPerGroup === 0 || head.descriptorSize < 32)
      throw new Ext2Defect('has a superblock with impossible sizes')
    this.#source = source
    this.#head = head
  }

  /** @throws {Ext2Defect} when there is none of this number. */
  inode(number: number): Ext2Inode {
    const { inodes, inodesPerGroup, inodeSize, blockSize, firstBlock, descriptorSize } = this.#head
    if (number < 1 || number > inodes) throw new Ext2Defect(`has no inode ${number}`)
    const group = Math.floor((number - 1) / inodesPerGroup)
    const descriptor = this.#bytes((firstBlock + 1) * blockSize + group * descriptorSize, 64)
    const high = descriptorSize >= 64 ? descriptor.readUInt32LE(0x28) * 2 ** 32 : 0
    const table = (descriptor.readUInt32LE(0x08) + high) * blockSize
    const bytes = this.#bytes(table + ((number - 1) % inodesPerGroup) * inodeSize, 128)
    const half = (offset: number) => bytes.readUInt16LE(offset)
    const flags = bytes.readUInt32LE(0x20)
    if ((flags & inlineDataFlag) !== 0)
      throw new Ext2Defect('keeps files within their inodes, which only ext4 does')
    const mode = half(0x00)
    // Of a directory's, ext2 uses these bytes for something else.
    const highSize = mode >> 12 === 0o10 ? bytes.readUInt32LE(0x6c) * 2 ** 32 : 0
    return {
      mode,
      uid: half(0x02) + half(0x78) * 65_536,
      gid: half(0x18) + half(0x7a) * 65_536,
      size: bytes.readUInt32LE(0x04) + highSize,
      map: bytes.subarray(0x28, 0x28 + 60),
      hasExtents: (flags & extentsFlag) !== 0,
    }
  }

  /**
   * Returns a file's bytes.
   *
   * @param most Bytes that it may have, since an image of a few kilobytes can claim terabytes.
   * @throws {Ext2Defect} when it claims to have more.
   */
  contents(inode: Ext2Inode, most: number): Buffer {
    const { size } = inode
    if (size > most)
      throw new Ext2Defect(`has a file that claims to have ${size} bytes; the limit is ${most}`)
    const { blockSize } = this.#head
    const blockOf = inode.hasExtents ? this.#byExtents(inode.map) : this.#byPointers(inode.map)
    const bytes = Buffer.alloc(size)
    for (let at = 0; at < size; at += blockSize) {
      const block = blockOf(at / blockSize)
      // Number 0 is a hole.
      if (block !== 0)
        this.#source.read(block * blockSize, Math.min(blockSize, size - at)).copy(bytes, at)
    }
    return bytes
  }

  /** Returns the names in a directory, up to the first damaged one of each block. */
  *names(directory: Ext2Inode, most: number): Generator<Ext2Name> {
    const { blockSize } = this.#head
    const bytes = this.contents(directory, most)
    for (let block = 0; block < bytes.length; block += blockSize) {
      const end = Math.min(block + blockSize, bytes.length)
      for (let at = block; at + 8 <= end;) {
        const [inode, step, length] = [
          bytes.readUInt32LE(at),
          bytes.readUInt16LE(at + 4),
          bytes.readUInt8(at + 6),
        ]
        if (step < 8 + length || at + step > end) break
        const name = bytes.subarray(at + 8, at + 8 + length)
        if (inode !== 0 && length > 0) yield { name: fileNameText(name), inode }
        at += step
      }
    }
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = this.#source.read(offset, length)
    if (bytes.length === length) return bytes
    throw new Ext2Defect(
      `is cut off: byte ${offset + length} is needed, it has ${this.#source.size}`,
    )
  }

  /** A block of block numbers. */
  #pointers(block: number): Buffer {
    return this.#bytes(block * this.#head.blockSize, this.#head.blockSize)
  }

  /** Finds blocks by ext2's direct, single, double and triple indirect block numbers. */
  #byPointers(map: Buffer): (index: number) => number {
    const perBlock = this.#head.blockSize / 4
    // Neighbouring blocks are named in the same one.
    const held: { block: number; bytes: Buffer }[] = []
    const follow = (block: number, depth: number, index: number): number => {
      if (depth === 0 || block === 0) return block
      if (held[depth]?.block !== block) held[depth] = { block, bytes: this.#pointers(block) }
      const reach = perBlock ** (depth - 1)
      const next = held[depth].bytes.readUInt32LE(4 * Math.floor(index / reach))
      return follow(next, depth - 1, index % reach)
    }
    return (index) => {
      if (index < directBlocks) return map.readUInt32LE(4 * index)
      let left = index - directBlocks
      for (const depth of [1, 2, 3]) {
        if (left < perBlock ** depth)
          return follow(map.readUInt32LE(4 * (directBlocks + depth - 1)), depth, left)
        left -= perBlock ** depth
      }
      throw new Ext2Defect('has a file that is longer than its block numbers reach')
    }
  }

  /** Finds blocks by ext4's extents, which are sorted as the blocks are asked for. */
  #byExtents(map: Buffer): (index: number) => number {
    const extents = this.#extents(map, undefined, { left: mostExtents })
    let next = 0
    return (index) => {
      while (next < extents.length && extents[next]!.first + extents[next]!.count <= index)
        next += 1
      const it = extents[next]
      return it === undefined || index < it.first ? 0 : it.block + (index - it.first)
    }
  }

  #extents(node: Buffer, depth: number | undefined, budget: { left: number }): Extent[] {
    const [magic, count, own] = [0, 2, 6].map((at) => node.readUInt16LE(at)) as [
      number,
      number,
      number,
    ]
    budget.left -= count
    // Each level is one below the last, so that no tree leads back into itself.
    const isDamaged = magic !== extentMagic || (depth ?? own) !== own || own > deepestExtents
    if (isDamaged || 12 * (count + 1) > node.length || budget.left < 0)
      throw new Ext2Defect('has a damaged tree of extents')
    const entries = Array.from({ length: count }, (_, index) => node.subarray(12 * (index + 1)))
    if (own > 0)
      return entries.flatMap((it) => {
        const below = it.readUInt32LE(4) + it.readUInt16LE(8) * 2 ** 32
        return this.#extents(this.#pointers(below), own - 1, budget)
      })
    return entries
      .map((it) => ({
        first: it.readUInt32LE(0),
        count: it.readUInt16LE(4),
        block: it.readUInt32LE(8) + it.readUInt16LE(6) * 2 ** 32,
      }))
      .filter((it) => it.count <= longestExtent)
  }
}
