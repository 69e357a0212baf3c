import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { formatSize } from '../core/text.ts'
import { partitionTable, partitionTypes, sectorSize } from '../formats/partition-table.ts'
import { overlaid } from './drive.ts'
import { ext2BlockSize } from './ext2-tools.ts'
import { writeExt2 } from './ext2.ts'
import { writeFat } from './fat.ts'
import { stageForGrub } from './grub.ts'
import { installGrub, installGrubTools } from './install-grub.ts'
import type { FileSystem, Medium, MediumParts } from './medium.ts'
import { blocksOf, readTree, type Tree } from './tree.ts'

/** The outside programs that such an image takes; FAT takes mtools for the last two. */
export const diskTools = [...installGrubTools, 'mke2fs', 'debugfs'] as const

export const diskName = 'medium.img'
const mebibyte = 1024 * 1024

/** Where partitions have begun since disks have 4096-byte sectors; GRUB's stage 1.5 fits before it. */
const partitionStart = mebibyte

/**
 * A hard disk image: a partition table, one partition with the files, GRUB Legacy in front.
 * Needs no root and no loop device: the file systems are written by programs that know offsets.
 */
export const buildDisk = async (parts: MediumParts): Promise<Medium> => {
  const image = path.join(parts.folder, diskName)
  const workingDirectory = await stageDisk(parts)
  await writeDisk(workingDirectory, image, parts.fileSystem ?? 'ext2')
  return { workingDirectory, qemuArguments: diskArguments(`../${diskName}`), image, notes: [] }
}

/** Puts what goes on a disk into a folder. */
export const stageDisk = async (parts: MediumParts): Promise<string> =>
  await stageForGrub(parts, ['stage1', 'stage2', 'e2fs_stage1_5', 'fat_stage1_5'])

/**
 * How a target boots from a disk image at `file`.
 *
 * @param bus `virtio` is read three times as fast as `ide` under TCG, and the BIOS, which does the
 * reading for GRUB, knows both. What looks for its disk after the boot wants `ide`.
 */
export const diskArguments = (file: string, bus: 'virtio' | 'ide' = 'virtio'): string[] => [
  ...['-drive', `${overlaid(file)},if=${bus}`],
  ...['-boot', 'c'],
]

/** Writes what lies below `root` into a disk image that boots. */
export const writeDisk = async (
  root: string,
  image: string,
  fileSystem: FileSystem,
): Promise<void> => {
  const size = partitionSize(await readTree(root), fileSystem)
  const sectors = { start: partitionStart / sectorSize, count: size / sectorSize }
  const file = await fs.open(image, 'w')
  try {
    await file.truncate(Math.ceil((partitionStart + size) / cylinder) * cylinder)
    const table = partitionTable({ type: partitionTypes[fileSystem], ...sectors })
    await file.write(table, 0, table.length, sectorSize - table.length)
  } finally {
    await file.close()
  }
  if (fileSystem === 'ext2') await writeExt2(root, { image, offset: partitionStart, size })
  else await writeFat(root, { image, offset: partitionStart, format: fat16(sectors) })
  await installGrub(image, { drive: '(hd0)', root: '(hd0,0)' })
}

/**
 * A cylinder of 16 heads and 63 sectors, in bytes. GRUB Legacy reads whole tracks, and stops with error 16 at
 * a file that lies in a last one that is cut off.
 */
const cylinder = 16 * 63 * sectorSize

/** Whole mebibytes: the files in their blocks, a tenth and a half mebibyte for what leads to them. */
const partitionSize = (tree: Tree, fileSystem: FileSystem): number => {
  const blockSize = fileSystem === 'ext2' ? ext2BlockSize : largestCluster
  const needed = Math.ceil((blocksOf(tree, blockSize) * 1.1) / mebibyte + 0.5) * mebibyte
  if (fileSystem === 'ext2') return needed
  if (needed <= largestFat16) return Math.max(needed, smallestFat16)
  throw new BootstandError(
    'BOOTSTAND_DISK_FULL',
    'bootset',
    `The files need ${formatSize(needed)}; a FAT16 file system has at most ${formatSize(largestFat16)}. Use ext2.`,
  )
}

/** FAT16 has 4,085 to 65,524 clusters of 1 to 64 sectors (Microsoft's FAT specification 1.03). */
const smallestFat16 = 4 * mebibyte
const largestFat16 = 2000 * mebibyte
const largestCluster = 64 * sectorSize

/** mformat's options for a FAT16 partition, as a PC with 16 heads and 63 sectors a track sees it. */
const fat16 = ({ start, count }: { readonly start: number; readonly count: number }): string[] => {
  let cluster = 1
  while (count / cluster > 65_000) cluster *= 2
  return [
    ...['-T', String(count), '-h', '16', '-s', '63'],
    ...['-H', String(start), '-c', String(cluster)],
  ]
}
