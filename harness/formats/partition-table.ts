/** Bytes of a sector, the unit in which a partition table counts. */
export const sectorSize = 512

/** A partition's type byte, by what it is formatted with. */
export const partitionTypes = { ext2: 0x83, fat: 0x06 } as const

/** A partition, in sectors. */
export interface Partition {
  readonly type: number
  readonly start: number
  readonly count: number
}

/** Cylinder, head and sector where the disk is too large for them to count. */
const beyondCounting = [0xfe, 0xff, 0xff] as const

/**
 * The end of a disk's first sector: four entries, the first one active, and the signature.
 * Layout: "Master boot record" as PC DOS 2.0 wrote it, 16 bytes an entry from byte 446.
 */
export const partitionTable = ({ type, start, count }: Partition): Buffer => {
  const table = Buffer.alloc(66)
  table.set([0x80, ...beyondCounting, type, ...beyondCounting])
  table.writeUInt32LE(start, 8)
  table.writeUInt32LE(count, 12)
  table.set([0x55, 0xaa], 64)
  return table
}
