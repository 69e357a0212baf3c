import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { longestMenuLine } from '../formats/menu/logical-line.ts'
import { toolPath } from '../host/tools.ts'
import type { Medium, MediumParts } from './medium.ts'
import { stageImages } from './staging.ts'

/** The outside programs that such an image takes. */
export const isoTools = ['xorriso', 'stage2_eltorito'] as const

const imageName = 'medium.iso'

/** GRUB cuts an overlong line without a word; what boots would not be what was asked for. */
const assertWhole = (menu: string): void => {
  const line = menu.split('\n').find((it) => it.length > longestMenuLine)
  if (line === undefined) return
  throw new BootstandError(
    'BOOTSTAND_MENU',
    'bootset',
    `The menu line "${line.slice(0, 40)}…" has ${line.length} characters; GRUB Legacy reads ${longestMenuLine}. ` +
      'Shorten its arguments, or boot with --method direct.',
  )
}

/**
 * An ISO 9660 image that boots by GRUB Legacy (El Torito, no emulation). Needs no root and no loop
 * device: GRUB's stage2_eltorito reads the file system by itself.
 */
export const buildIso = async ({ images, menu, folder }: MediumParts): Promise<Medium> => {
  assertWhole(menu)
  const workingDirectory = path.join(folder, 'medium')
  await stageImages(images, workingDirectory)
  const grub = path.join(workingDirectory, 'boot/grub')
  await fs.mkdir(grub, { recursive: true })
  await Promise.all([
    fs.writeFile(path.join(grub, 'menu.lst'), menu),
    fs.copyFile(await toolPath('stage2_eltorito'), path.join(grub, 'stage2_eltorito')),
  ])
  await writeIso(workingDirectory, path.join(folder, imageName))
  return { workingDirectory, qemuArguments: isoArguments(`../${imageName}`) }
}

/** How a target boots from an ISO image at `filePath`. */
const isoArguments = (filePath: string): string[] => [
  '-drive',
  `file=${filePath.replaceAll(',', ',,')},media=cdrom,format=raw,readonly=on`,
  '-boot',
  'd',
]

const writeIso = async (root: string, output: string): Promise<void> => {
  const xorriso = await toolPath('xorriso')
  const result = await execa(
    xorriso,
    [
      ...['-as', 'mkisofs', '-quiet', '-R', '-V', 'BOOTSTAND'],
      ...['-b', 'boot/grub/stage2_eltorito', '-no-emul-boot'],
      ...['-boot-load-size', '4', '-boot-info-table', '-o', output, root],
    ],
    { reject: false, stdin: 'ignore' },
  )
  if (result.failed) {
    throw new BootstandError(
      'BOOTSTAND_ISO',
      'host',
      `xorriso could not write ${output}: ${result.stderr.trim() || result.shortMessage}`,
    )
  }
}
