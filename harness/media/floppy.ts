import fs from 'node:fs/promises'
import path from 'node:path'
import { overlaid } from './drive.ts'
import { writeFat } from './fat.ts'
import { makeFit } from './fit.ts'
import { stageForGrub } from './grub.ts'
import { installGrub, installGrubTools } from './install-grub.ts'
import type { Medium, MediumParts } from './medium.ts'

/** The outside programs that such an image takes. */
export const floppyTools = [...installGrubTools, 'mtools'] as const

export const floppyName = 'medium.img'
const floppySize = 1440 * 1024

/**
 * Bytes for files: 2,880 sectors less a boot sector, two allocation tables of 9 and a root
 * directory of 14. A cluster is a sector (Microsoft's FAT specification 1.03).
 */
const room = { available: (2880 - 1 - 2 * 9 - 14) * 512, blockSize: 512 }

/** A 3½-inch floppy, 1.44 MB, FAT12, with GRUB Legacy. Images are stripped if nothing else helps. */
export const buildFloppy = async (parts: MediumParts): Promise<Medium> => {
  const workingDirectory = await stageForGrub(parts, ['stage1', 'stage2'])
  const notes = await makeFit(parts.images, workingDirectory, room)
  const image = path.join(parts.folder, floppyName)
  await writeFloppy(workingDirectory, image)
  return { workingDirectory, qemuArguments: floppyArguments(`../${floppyName}`), image, notes }
}

/** How a target boots from a floppy image at `file`. */
export const floppyArguments = (file: string): string[] => [
  ...['-drive', `${overlaid(file)},if=floppy`],
  ...['-boot', 'a'],
]

/** Writes what lies below `root` into a floppy image that boots. */
export const writeFloppy = async (root: string, image: string): Promise<void> => {
  await fs.writeFile(image, '')
  await fs.truncate(image, floppySize)
  await writeFat(root, { image, format: ['-f', '1440'] })
  await installGrub(image, { drive: '(fd0)', root: '(fd0)' })
}
