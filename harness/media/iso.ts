import path from 'node:path'
import { runTool } from '../host/run-tool.ts'
import { driveFile } from './drive.ts'
import { stageForGrub } from './grub.ts'
import type { Medium, MediumParts } from './medium.ts'
import { mediumDate, reproducibleEnvironment } from './reproducible.ts'

/** The outside programs that such an image takes. */
export const isoTools = ['xorriso', 'stage2_eltorito'] as const

export const isoName = 'medium.iso'

/**
 * An ISO 9660 image that boots by GRUB Legacy (El Torito, no emulation). Needs no root and no loop
 * device: GRUB's stage2_eltorito reads the file system by itself.
 */
export const buildIso = async (parts: MediumParts): Promise<Medium> => {
  const workingDirectory = await stageForGrub(parts, ['stage2_eltorito'])
  const image = path.join(parts.folder, isoName)
  await writeIso(workingDirectory, image)
  return { workingDirectory, qemuArguments: isoArguments(`../${isoName}`), image, notes: [] }
}

/** How a target boots from an ISO image at `file`. */
export const isoArguments = (file: string): string[] => [
  ...['-drive', `${driveFile(file)},media=cdrom,readonly=on`],
  ...['-boot', 'd'],
]

/** xorriso's options, by which it makes the same image of the same files again. */
export const isoOptions: readonly string[] = [
  // -r: whoever builds it, the files belong to root.
  ...['-no_rc', '-as', 'mkisofs', '-quiet', '-r', '-V', 'BOOTSTAND'],
  ...['--set_all_file_dates', mediumDate],
  ...['-b', 'boot/grub/stage2_eltorito', '-no-emul-boot'],
  ...['-boot-load-size', '4', '-boot-info-table'],
]

/** Writes what lies below `root` into an ISO image. */
export const writeIso = async (root: string, image: string): Promise<void> => {
  await runTool('xorriso', [...isoOptions, '-o', image, root], {
    cwd: root,
    env: reproducibleEnvironment,
  })
}
