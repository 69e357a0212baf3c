import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { longestMenuLine } from '../formats/menu/logical-line.ts'
import { toolPath } from '../host/tools.ts'
import type { MediumParts } from './medium.ts'
import { stageDirectory, stageImages } from './staging.ts'

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
 * Puts what GRUB Legacy boots into a folder: the images, the menu, and GRUB's own files.
 *
 * @param stages Names of GRUB's files, such as `stage2_eltorito`.
 * @returns the folder.
 */
export const stageForGrub = async (
  { images, root: directory, menu, folder }: MediumParts,
  stages: readonly string[],
): Promise<string> => {
  // A menu of somebody else's is booted as it is.
  if (directory === undefined) assertWhole(menu)
  const source = path.dirname(await toolPath('stage2_eltorito'))
  const root = path.join(folder, 'medium')
  await (directory === undefined ? stageImages(images, root) : stageDirectory(directory, root))
  const grub = path.join(root, 'boot/grub')
  await fs.mkdir(grub, { recursive: true })
  await Promise.all([
    fs.writeFile(path.join(grub, 'menu.lst'), menu, 'latin1'),
    ...stages.map((name) => fs.copyFile(path.join(source, name), path.join(grub, name))),
  ])
  return root
}
