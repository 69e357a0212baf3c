import fs from 'node:fs/promises'
import path from 'node:path'
import { menuOf } from '../bootset/entry.ts'
import { assertDirectory, findImages, imageList, type Image } from '../bootset/images.ts'
import { entryOf, imagesOfEntry, isMenuSet, menuText } from '../bootset/menu-set.ts'
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
  const { images, menu } = content
  const [medium] = await Promise.all([
    buildMedium(method, { ...content, folder, fileSystem }),
    fs.writeFile(path.join(folder, 'menu.lst'), menu, 'latin1'),
  ])
  return { images, menu, medium }
}

/** Finds and checks what a scenario puts on its boot medium. */
export const bootContent = async (
  { bootSet, title, speed }: Scenario,
  directory: string,
  method: BootMethod,
  waits = false,
): Promise<Pick<MediumParts, 'images' | 'menu' | 'root'>> => {
  if (isMenuSet(bootSet)) {
    await assertDirectory(directory, '--root')
    const entry = entryOf(bootSet)
    const images = entry === undefined ? [] : await imagesOfEntry(entry, directory)
    return { images, menu: menuText(bootSet), root: directory }
  }
  const images = await findImages(bootSet, directory)
  const menu = menuOf(title, images, { speed, root: grubRoots[method], waits }).print()
  return { images: imageList(images), menu }
}
