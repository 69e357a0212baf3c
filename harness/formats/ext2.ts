/** What the superblock of an ext2 file system says. */
export interface Ext2Superblock {
  /** Bytes. */
  readonly blockSize: number
  /** In blocks. */
  readonly blocks: number
  readonly freeBlocks: number
  readonly inodes: number
  readonly freeInodes: number
  /** Bytes. Linux 2.4 and older read only 128. */
  readonly inodeSize: number
  readonly inodesPerGroup: number
  /** The block that holds the superblock; the group descriptors are in the next one. */
  readonly firstBlock: number
  /** Bytes of a group descriptor: 64 only with ext4's feature `64bit`. */
  readonly descriptorSize: number
}

/** Where the superblock lies, and how many of its bytes are looked at. */
export const superblockAt = 1024
export const superblockSize = 256

/** `EXT4_FEATURE_INCOMPAT_64BIT`. */
const has64Bits = 0x80

/**
 * Reads the superblock from a file system's beginning; nothing if there is none. ext3 and ext4 have the same.
 * Source: `struct ext2_super_block` in Linux's include/linux/ext2_fs.h.
 */
export const ext2Superblock = (bytes: Buffer): Ext2Superblock | undefined => {
  if (bytes.length < superblockAt + superblockSize) return undefined
  const field = (offset: number) => bytes.readUInt32LE(superblockAt + offset)
  if ((field(0x38) & 0xffff) !== 0xef53 || field(0x18) > 6) return undefined
  const isRevised = field(0x4c) > 0
  return {
    blockSize: 1024 << field(0x18),
    blocks: field(0x04),
    freeBlocks: field(0x0c),
    inodes: field(0x00),
    freeInodes: field(0x10),
    inodeSize: isRevised ? field(0x58) & 0xffff : 128,
    inodesPerGroup: field(0x28),
    firstBlock: field(0x14),
    descriptorSize: isRevised && (field(0x60) & has64Bits) !== 0 ? field(0xfe) & 0xffff : 32,
  }
}
