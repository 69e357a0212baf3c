import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { shownTitle, utf8AsBytes } from '../core/text.ts'
import { commandsOf, type MenuEntry, type MenuFile } from '../formats/menu/menu-file.ts'
import { pathInside } from '../host/path-inside.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { largestBootFile, unzippedAsByGrub } from '../host/unzip.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { parseDevice } from '../formats/menu/pieces/device.ts'
import { parseFileName } from '../formats/menu/pieces/file-name.ts'
import { parseImageArguments } from '../formats/menu/pieces/image.ts'
import { parseDefault } from '../formats/menu/pieces/selection.ts'
import type { CommandStatement } from '../formats/menu/statement.ts'
import type { BootSet, MenuSet } from './boot-set.ts'
import { imageOf, type Image } from './images.ts'

/** Tells a menu that is booted as it is from files that a menu is written for. */
export const isMenuSet = (bootSet: BootSet | MenuSet): bootSet is MenuSet => 'menu' in bootSet

/**
 * The entry that a menu set boots: the named one, else the menu's default, else its first.
 *
 * @returns nothing when the menu has no entry.
 * @throws {BootstandError} when no entry has the wanted title.
 */
export const entryOf = ({ menu, entry: title }: MenuSet): MenuEntry | undefined => {
  const file = parseMenu(menu)
  const entries = file.entries.filter((it) => it.number !== undefined)
  if (title === undefined) {
    const preferred = defaultOf(file)
    return entries.find((it) => it.number === preferred) ?? entries[0]
  }
  // The menu is kept byte by byte; who types a title types UTF-8, whatever the menu is written in.
  const wanted = [utf8AsBytes(title.trim()), title.trim()]
  const found = wanted
    .map((words) => entries.find((it) => it.title.trim() === words))
    .find((it) => it !== undefined)
  if (found !== undefined) return found
  const titles = entries.map((it) => shownTitle(it.title))
  const there = titles.length === 0 ? 'It has none.' : `It has: ${titles.join(', ')}.`
  throw new BootstandError(
    'BOOTSTAND_ENTRY',
    'usage',
    `The menu has no entry with the title "${title}".${didYouMean(title, titles)} ${there}`,
  )
}

const defaultOf = ({ globals }: MenuFile): number => {
  const command = commandsOf(globals).findLast((it) => it.name === 'default')
  const read = command && parseDefault(command)
  return typeof read?.value === 'number' ? read.value : 0
}

/** The menu's text, such that GRUB boots the wanted entry at once; unchanged if none is named. */
export const menuText = (set: MenuSet): string => {
  const entry = set.entry === undefined ? undefined : entryOf(set)
  if (entry === undefined) return set.menu
  // GRUB takes the last of several; an entry's title ends the lines in which they count.
  const first = parseMenu(set.menu).entries[0]!.heading.start
  const choice = `default ${entry.number}\ntimeout 0\n`
  return set.menu.slice(0, first) + choice + set.menu.slice(first)
}

const loading = ['kernel', 'module', 'modulenounzip', 'initrd'] as const
type Loading = (typeof loading)[number]

/** Further commands that read a file; GRUB stops where it is missing. */
const reading = [...loading, 'chainloader', 'configfile'] as const

/** What an entry loads. */
export interface EntryFiles {
  /** In order, from the last `kernel` on: a later one starts over. */
  readonly images: readonly Image[]
  /** Commands whose file is not below the directory, such as `module /sigma0`. */
  readonly missing: readonly string[]
  /** Commands that load something other than a file, such as `kernel (hd0)0+20` or `module` alone. */
  readonly others: readonly string[]
}

/**
 * Finds the files of an entry below a directory.
 *
 * @throws {BootstandError} when one cannot be read, or is too large to be booted from memory.
 */
export const filesOfEntry = async (entry: MenuEntry, directory: string): Promise<EntryFiles> => {
  const commands = commandsOf(entry.statements).filter((it) =>
    reading.includes(it.name as (typeof reading)[number]),
  )
  const kernel = commands.findLastIndex((it) => it.name === 'kernel')
  const images: Image[] = []
  const [missing, others]: [string[], string[]] = [[], []]
  for (const [index, command] of commands.entries()) {
    const { file: word } = parseImageArguments(command)
    const text = `${command.name} ${word?.text ?? ''}`.trimEnd()
    const named = word && parseFileName(word).value?.path
    if (named === undefined) {
      if (isLoading(command)) others.push(text)
      continue
    }
    // The root of a medium has no parent.
    const name = path.posix.normalize(named).slice(1)
    const found = pathInside(directory, name, { links: 'follow' })
    // A pipe would wait for its writer, and no signal could end that.
    if ((await fs.stat(found).catch(() => undefined))?.isFile() !== true) missing.push(text)
    else if (index >= kernel && isLoading(command))
      images.push(await readImage(command, found, name))
  }
  return { images, missing, others }
}

/** Whether a command loads a file for the kernel that boots. */
export const isLoading = ({ name }: CommandStatement): boolean => loading.includes(name as Loading)

const readImage = async (
  command: CommandStatement,
  found: string,
  name: string,
): Promise<Image> => {
  const role = command.name!
  const stored = readRegularFile(found, { limit: largestBootFile, what: `the ${role}` })
  const isRaw = role === 'modulenounzip' || role === 'initrd'
  const bytes = isRaw ? stored : await unzippedAsByGrub(stored, found)
  const { file, commandLine } = parseImageArguments(command)
  const words = commandLine.slice(file!.text.length).replace(/^ /, '')
  return imageOf({ role, name, arguments: words, path: found, bytes }, stored)
}

/** What a menu boots from, by the first device that its entry, else the rest of it, names. */
export const driveOf = (set: MenuSet): 'floppy' | 'hard-disk' | 'cdrom' | undefined => {
  const own = entryOf(set)?.statements ?? []
  const words = [...commandsOf(own), ...commandsOf(parseMenu(set.menu).statements)].flatMap(
    (it) => it.words,
  )
  const drives = words.filter((it) => it.text.startsWith('(')).map((it) => parseDevice(it).value)
  const drive = drives.find((it) => it !== undefined && it.drive in mediumDrives)?.drive
  return drive as 'floppy' | 'hard-disk' | 'cdrom' | undefined
}

const mediumDrives = { floppy: true, 'hard-disk': true, cdrom: true }
