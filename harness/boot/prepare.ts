import fs from 'node:fs/promises'
import path from 'node:path'
import { menuOf } from '../bootset/entry.ts'
import { assertDirectory, findImages, imageList, type Image } from '../bootset/images.ts'
import { entryOf, filesOfEntry, isMenuSet, menuText, type EntryFiles } from '../bootset/menu-set.ts'
import { BootstandError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { buildMedium } from '../media/build.ts'
import {
  grubRoots,
  type BootMethod,
  type FileSystem,
  type Medium,
  type MediumParts,
} from '../media/medium.ts'
import type { Scenario } from './scenario.ts'

/** Where a boot's files come from and go to. */
export interface PrepareOptions {
  /** Directory of the images. */
  readonly images: string
  readonly method: BootMethod
  /** An empty folder. */
  readonly folder: string
  /** A hard disk's; ext2 otherwise. */
  readonly fileSystem?: FileSystem | undefined
  /** Whether GRUB waits at a generated menu. */
  readonly waits?: boolean
}

/** A boot of which only the machine is missing. */
export interface PreparedBoot {
  /** What is loaded, in order: the kernel first. */
  readonly images: readonly Image[]
  /** Text of the menu.lst. */
  readonly menu: string
  readonly medium: Medium
}

/** Finds and checks a scenario's files, and writes its menu and its medium. */
export const prepareBoot = async (
  scenario: Scenario,
  { images: directory, method, folder, fileSystem, waits }: PrepareOptions,
): Promise<PreparedBoot> => {
  const content = await bootContent(scenario, directory, method, waits)
  assertLoadable(scenario, directory, method, content)
  const { images, menu } = content
  const [medium] = await Promise.all([
    buildMedium(method, { ...content, folder, fileSystem }),
    fs.writeFile(path.join(folder, 'menu.lst'), menu, 'latin1'),
  ])
  return { images, menu, medium }
}

/** What a scenario puts on its boot medium. */
export interface BootContent
  extends Pick<MediumParts, 'images' | 'menu' | 'root'>, Omit<EntryFiles, 'images'> {}

/** Finds and checks what a scenario puts on its boot medium; files that a menu names may be missing. */
export const bootContent = async (
  { bootSet, title, speed }: Scenario,
  directory: string,
  method: BootMethod,
  waits = false,
): Promise<BootContent> => {
  if (isMenuSet(bootSet)) {
    await assertDirectory(directory, '--root')
    const entry = entryOf(bootSet)
    const files = entry === undefined ? noFiles : await filesOfEntry(entry, directory)
    return { ...files, menu: menuText(bootSet), root: directory }
  }
  const images = await findImages(bootSet, directory)
  const menu = menuOf(title, images, { speed, root: grubRoots[method], waits }).print()
  return { ...noFiles, images: imageList(images), menu }
}

const noFiles: EntryFiles = { images: [], missing: [], others: [] }

/**
 * Checks that the wanted loader gets all that a menu's entry loads. QEMU's own loader would start without what is missing.
 *
 * @throws {BootstandError} that names every such command.
 */
const assertLoadable = (
  { bootSet, title }: Scenario,
  directory: string,
  method: BootMethod,
  { images, missing, others }: BootContent,
): void => {
  if (!isMenuSet(bootSet)) return
  const wrong = (message: string) =>
    new BootstandError('BOOTSTAND_MENU', 'bootset', printable(message))
  const isAllowed = bootSet.missingFiles === 'allow' && method !== 'direct'
  if (missing.length > 0 && !isAllowed)
    throw wrong(
      `Expected the files of the menu entry "${title}" in ${directory}, found none for: ${missing.join(', ')}. Put them there` +
        (method === 'direct'
          ? '.'
          : ", or allow missing files with --allow-missing (`missingFiles: 'allow'` of grubMenu)."),
    )
  if (method !== 'direct') return
  if (others.length > 0)
    throw wrong(
      `Expected files for QEMU's own loader, found ${others.join(', ')} in the menu entry "${title}". Use another --method.`,
    )
  if (images.length > 0 && images[0]!.role !== 'kernel')
    throw wrong(
      `Expected a kernel before ${images[0]!.role} /${images[0]!.name} in the menu entry "${title}", found none. QEMU's own loader would start the first file as the kernel.`,
    )
}
