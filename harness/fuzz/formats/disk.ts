import { diskKindOf } from '../../formats/disk-image.ts'
import { ext2Superblock, superblockAt } from '../../formats/ext2.ts'
import { partitionTable, partitionTypes } from '../../formats/partition-table.ts'
import type { FuzzedFormat } from '../format.ts'

const samples = (): readonly Buffer[] => {
  const ext2 = Buffer.alloc(superblockAt + 1024)
  ext2.writeUInt32LE(1024, superblockAt + 4)
  ext2.writeUInt16LE(0xef53, superblockAt + 0x38)
  return [ext2, partitionTable({ type: partitionTypes.ext2, start: 63, count: 2048 })]
}

export const disk: FuzzedFormat = {
  name: 'disk',
  samples,
  run: (bytes) => {
    diskKindOf(bytes, bytes.length)
    ext2Superblock(bytes.subarray(superblockAt))
  },
}
