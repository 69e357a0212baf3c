import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import type { LoadedFile, Medium, MediumParts } from './medium.ts'
import { stageImages } from './staging.ts'

/**
 * QEMU's own multiboot loader, without a boot medium. The quickest way to a kernel.
 *
 * QEMU names a module as it was typed, so it is started where the files lie: a module's string is
 * GRUB's without the leading slash.
 */
export const buildDirect = async ({ images, folder }: MediumParts): Promise<Medium> => {
  const workingDirectory = path.join(folder, 'medium')
  await stageImages(images, workingDirectory)
  return { workingDirectory, qemuArguments: directArguments(images), notes: [] }
}

/** The loader's arguments, for a QEMU that is started where the files lie. */
export const directArguments = ([kernel, ...modules]: readonly LoadedFile[]): string[] => {
  if (kernel === undefined) {
    throw new BootstandError(
      'BOOTSTAND_MENU',
      'bootset',
      'The menu entry loads no kernel, so QEMU’s own loader has nothing to boot. Use another --method.',
    )
  }
  return [
    '-kernel',
    kernel.name,
    ...(kernel.arguments === '' ? [] : ['-append', kernel.arguments]),
    ...(modules.length === 0 ? [] : ['-initrd', modules.map(moduleString).join(',')]),
  ]
}

/** QEMU splits at commas; a doubled one stands for itself. */
const moduleString = ({ name, arguments: words }: LoadedFile): string =>
  (words === '' ? name : `${name} ${words}`).replaceAll(',', ',,')
