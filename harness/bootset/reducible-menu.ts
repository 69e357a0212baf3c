import { posix } from 'node:path'
import { commandsOf } from '../formats/menu/menu-file.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { parseFileName } from '../formats/menu/pieces/file-name.ts'
import { parseImageArguments } from '../formats/menu/pieces/image.ts'
import type { CommandStatement } from '../formats/menu/statement.ts'
import { entryOf, isLoading } from './menu-set.ts'

/** Something that a menu could do without. */
export interface MenuPart {
  /** A line that loads a file, a word behind a file's name or before it, or another line. */
  readonly kind: 'module' | 'word' | 'command'
  /** For people: `module /ramdisk`, `"kmem=4M" of /kickstart`. */
  readonly label: string
  /** Whether nothing boots without it, as a rule: kickstart's first three modules. */
  readonly isNeeded: boolean
}

/** A menu with one entry, which boots at once, and its parts. */
export interface ReducibleMenu {
  readonly parts: readonly MenuPart[]
  /** Paths on the boot medium of what it loads, in order; without the leading slash. */
  readonly files: readonly string[]
  /** The text of the menu with these parts; everything else of it stays. */
  readonly print: (kept: readonly MenuPart[]) => string
}

interface Line {
  /** The line as a whole, where it may go. */
  readonly part?: MenuPart
  readonly words: readonly { readonly text: string; readonly part?: MenuPart }[]
}

/** Kickstart takes the kernel, sigma0 and the root task by their position. */
const neededByKickstart = 3

/**
 * Takes apart what a menu boots by itself; nothing where it has no entry. GRUB's serial port stays, since it is how GRUB
 * is heard; other entries, and how the menu looks, go without a trial.
 *
 * @param isRead Whether GRUB reads the menu. If QEMU's own loader boots it, only its files and their words count.
 */
export const reducibleMenu = (text: string, isRead: boolean): ReducibleMenu | undefined => {
  const entry = entryOf({ menu: text })
  if (entry === undefined) return undefined
  const globals = commandsOf(parseMenu(text).globals)
    .filter(({ name }) => name === 'serial' || name === 'terminal')
    .map((it) => `${it.name} ${it.arguments.text}`.trimEnd())
  const commands = commandsOf(entry.statements)
  const kernel = commands.find(({ name }) => name === 'kernel')
  const isKickstart = /kickstart[^/]*$/.test(fileOf(kernel)?.text ?? '')
  const modules = commands.filter((it) => isLoading(it) && it.name !== 'kernel')
  const lines = commands.map((command): Line => {
    const isNeeded = isKickstart && modules.indexOf(command) < neededByKickstart
    return isLoading(command) ? fileLine(command, isNeeded) : plainLine(command, isRead)
  })
  return {
    parts: lines
      .flatMap(({ part, words }) => [part, ...words.map((it) => it.part)])
      .filter((it) => it !== undefined),
    files: [...new Set(commands.flatMap((it) => pathOf(it) ?? []))],
    print: (kept) => {
      const has = (part: MenuPart | undefined) => part === undefined || kept.includes(part)
      const printed = lines
        .filter(({ part }) => has(part))
        .map(({ words }) => words.filter((it) => has(it.part)).map((it) => it.text))
      const head = [...globals, 'default 0', 'timeout 0', '', `title ${entry.title}`]
      return [...head, ...printed.map((words) => words.join(' ')), ''].join('\n')
    },
  }
}

const fileOf = (command: CommandStatement | undefined) =>
  command && parseImageArguments(command).file

const pathOf = (command: CommandStatement): string | undefined => {
  const word = isLoading(command) ? fileOf(command) : undefined
  const path = word && parseFileName(word).value?.path
  // The root of a medium has no parent.
  return path && posix.normalize(path).slice(1)
}

const fileLine = (command: CommandStatement, isNeeded: boolean): Line => {
  const file = fileOf(command)
  const name = command.name!
  const label = `${name} ${file?.text ?? ''}`.trimEnd()
  return {
    ...(name !== 'kernel' && { part: { kind: 'module', label, isNeeded } }),
    words: [
      { text: name },
      ...command.words.map((it) =>
        it === file
          ? { text: it.text }
          : {
              text: it.text,
              part: {
                kind: 'word',
                label: `"${it.text}" of ${file?.text ?? name}`,
                isNeeded: false,
              } as const,
            },
      ),
    ],
  }
}

const plainLine = (command: CommandStatement, isRead: boolean): Line => {
  const text = `${command.name!} ${command.arguments.text}`.trimEnd()
  return {
    ...(isRead && { part: { kind: 'command', label: text, isNeeded: false } }),
    words: [{ text }],
  }
}
