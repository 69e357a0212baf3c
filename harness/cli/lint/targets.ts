import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { methodFor } from '../../boot/grub-menu.ts'
import { bootContent } from '../../boot/prepare.ts'
import type { Image } from '../../bootset/images.ts'
import { BootstandError } from '../../core/errors.ts'
import { shortPath } from '../../host/paths.ts'
import { readMenu } from '../../host/read-menu.ts'
import { parseBootMethod } from '../../media/build.ts'
import { grubRoots, type BootMethod } from '../../media/medium.ts'
import type { LintMachine } from '../../lint/medium.ts'
import { folderMedium } from '../../lint/folder-medium.ts'
import { memoryMedium } from '../../lint/memory-medium.ts'
import { findScenario } from '../catalogue.ts'
import { guestsFor } from '../guests.ts'
import { lintMedia, type LintMedia } from './roots.ts'

/** A menu to be linted. */
export interface LintTarget {
  /** What it is called in the report. */
  readonly path: string
  /** Where it lies; a scenario's menu and one from a pipe lie nowhere. */
  readonly file?: string
  readonly text: string
  readonly media: LintMedia
  /** What is known of the machine by the menu itself. */
  readonly machine?: LintMachine
}

/** Where the files are that a menu names. */
export interface LintRoots {
  /** Directories, each for the device before its `=`. */
  readonly root?: readonly string[]
  readonly images?: string
  /** How a scenario boots: each medium has a menu and drives of its own. */
  readonly method?: string
}

/** Names that a menu of GRUB Legacy has. */
const isMenuName = (name: string): boolean => name === 'grub.conf' || name.endsWith('.lst')

/**
 * The menus that a word of the command line means: a file, those below a directory, a scenario's. What
 * cannot be read is among them as its error. Links to directories are not followed; of a menu that
 * links lead to, the menu itself is taken.
 */
export const lintTargets = async (
  name: string,
  roots: LintRoots,
): Promise<(LintTarget | BootstandError)[]> => {
  const stat = await fs.stat(name).catch(() => undefined)
  if (stat === undefined || isScenarioFile(name)) {
    const isDangling = stat === undefined && (await isLink(name))
    return [await orUnreadable(isDangling ? fileTarget(name, roots) : scenarioTarget(name, roots))]
  }
  if (!stat.isDirectory()) return [await orUnreadable(fileTarget(name, roots))]
  const files = await menusBelow(name)
  if (files.length === 0)
    return [unreadable(name, 'found no menu.lst, grub.conf or *.lst below it.')]
  return await Promise.all(files.map(async (it) => await orUnreadable(fileTarget(it, roots))))
}

/** Each once, by the first of its names that is no link. */
const menusBelow = async (folder: string): Promise<string[]> => {
  const found = await Promise.all(
    (await menuNamesBelow(folder)).map(async (name) => ({
      name,
      real: await fs.realpath(name).catch(() => name),
      isLink: await isLink(name),
      isFolder: (await fs.stat(name).catch(() => undefined))?.isDirectory() === true,
    })),
  )
  const files = found.filter((it) => !(it.isLink && it.isFolder))
  const names = new Map<string, string>()
  for (const { name, real } of [...files.filter((it) => !it.isLink), ...files]) {
    if (!names.has(real)) names.set(real, name)
  }
  return [...names.values()].toSorted()
}

/** Whatever kind of file they are; a directory that cannot be read is among them. */
const menuNamesBelow = async (folder: string): Promise<string[]> => {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return [folder]
  const names = entries.map(async (it) => {
    const name = path.join(folder, it.name)
    if (it.isDirectory()) return await menuNamesBelow(name)
    return isMenuName(it.name) ? [name] : []
  })
  return (await Promise.all(names)).flat()
}

const isLink = async (name: string): Promise<boolean> =>
  (await fs.lstat(name).catch(() => undefined))?.isSymbolicLink() === true

const orUnreadable = async (target: Promise<LintTarget>): Promise<LintTarget | BootstandError> => {
  try {
    return await target
  } catch (error) {
    if (error instanceof BootstandError && error.code === unreadableCode) return error
    throw error
  }
}

const isScenarioFile = (name: string): boolean => name.endsWith('.ts')

const fileTarget = async (name: string, { root = [] }: LintRoots): Promise<LintTarget> => {
  const file = path.resolve(name)
  const read = await readMenu(file)
  if ('defect' in read) throw unreadable(shortPath(file), `${read.defect}.`)
  return {
    path: shortPath(file),
    // What came from a pipe cannot be written back.
    ...(!read.isPipe && { file }),
    text: read.text,
    media: await lintMedia(root),
  }
}

const scenarioTarget = async (name: string, roots: LintRoots): Promise<LintTarget> => {
  const found = await findScenario(name).catch((error: unknown) => {
    if (!(error instanceof BootstandError) || existsSync(name)) throw error
    throw unreadable(name, `found no such file or directory. ${error.message}`)
  })
  const { machine, consoles } = found.scenario
  const method = parseBootMethod(roots.method) ?? methodFor(found.scenario)
  const guests = await guestsFor(roots.images, found.scenario)
  const { images, menu, root } = await bootContent(found.scenario, guests.directory, method)
  return {
    path: `${found.name}/menu.lst`,
    text: menu,
    media: { root: root === undefined ? memoryMedium(images.map(onMedium)) : folderMedium(root) },
    machine: {
      memory: machine.memory,
      serialPorts: consoles.serial.length,
      drives: [driveOf(method)],
    },
  }
}

/** The only drive of a machine that boots so, as GRUB names it. */
const driveOf = (method: BootMethod): string => /[a-z]+[0-9]*/.exec(grubRoots[method])![0]

const onMedium = ({ name, bytes }: Image) => ({ path: `/${name}`, bytes })

const unreadableCode = 'BOOTSTAND_MENU'

const unreadable = (name: string, found: string): BootstandError =>
  new BootstandError(
    unreadableCode,
    'usage',
    `Expected a menu, a configuration, a directory with menus or a scenario at "${name}", ${found}`,
  )
