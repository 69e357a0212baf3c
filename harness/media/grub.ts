import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { longestMenuLine } from '../formats/menu/logical-line.ts'
import { runTool, toolError } from '../host/run-tool.ts'
import { toolPath } from '../host/tools.ts'
import type { MediumParts } from './medium.ts'
import { stageDirectory, stageImages } from './staging.ts'

/** The outside programs by which GRUB gets onto a floppy or a hard disk. */
export const grubShellTools = ['stage2_eltorito', 'grub', 'ld-linux.so.2'] as const

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

/**
 * Makes an image boot by GRUB Legacy, with GRUB's own shell. The shell is a 32-bit program that was
 * unpacked, not installed, so its loader is told where the libraries lie.
 *
 * @param image Its folder's path may hold blanks, which the shell cannot quote; its name may not.
 */
export const installGrub = async (
  image: string,
  { drive, root }: { readonly drive: '(fd0)' | '(hd0)'; readonly root: string },
): Promise<void> => {
  const loader = await toolPath('ld-linux.so.2')
  const output = await runTool(
    'ld-linux.so.2',
    [
      ...['--library-path', path.dirname(loader), await toolPath('grub')],
      // Nothing of this machine's own drives is looked at.
      ...['--batch', '--no-config-file', '--no-curses', '--no-floppy', '--device-map=/dev/null'],
    ],
    {
      cwd: path.dirname(image),
      input: `device ${drive} ${path.basename(image)}\nroot ${root}\nsetup ${drive}\nquit\n`,
    },
  )
  // The shell's exit status is 0 whatever happens.
  if (/^Done\.$/m.test(output)) return
  throw toolError('GRUB’s setup', /^Error \d+: .*$/m.exec(output)?.[0] ?? output.trim())
}
