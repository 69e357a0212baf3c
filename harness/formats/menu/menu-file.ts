import { commandNamed } from './commands/table.ts'
import type { CommandStatement, Statement } from './statement.ts'

/** A `menu.lst` or `grub.conf`, with nothing lost. */
export interface MenuFile {
  readonly statements: readonly Statement[]
  /** What stands before the first title; GRUB runs it before it shows the menu. */
  readonly globals: readonly Statement[]
  readonly entries: readonly MenuEntry[]
}

/** What one line of GRUB's menu boots. */
export interface MenuEntry {
  readonly title: string
  /** The line with the title. */
  readonly heading: CommandStatement
  /** Everything behind the title, up to the next one. */
  readonly statements: readonly Statement[]
  /**
   * The number that `default` and `fallback` mean, or nothing: GRUB drops an entry without any
   * command that it knows (stage2/stage2.c; an entry of `kernal …` alone left the prompt).
   */
  readonly number: number | undefined
}

/** The text of a menu, byte for byte what was parsed. */
export const printMenu = (file: MenuFile): string =>
  file.statements.map((statement) => statement.source).join('')

/** The lines among these that GRUB knows a command for. */
export const commandsOf = (statements: readonly Statement[]): CommandStatement[] =>
  statements.filter((it) => it.kind === 'command').filter((it) => it.name !== undefined)

/** Groups statements as GRUB does: a title begins an entry. */
export const menuFileOf = (statements: readonly Statement[]): MenuFile => {
  const titles = statements
    .filter((it) => it.kind === 'command')
    .filter((it) => it.name === 'title')
  let number = 0
  const entries = titles.map((heading, position) => {
    const own = statements.slice(heading.index + 1, titles[position + 1]?.index)
    const isKept = commandsOf(own).some(isInStage2)
    return {
      title: heading.arguments.text,
      heading,
      statements: own,
      number: isKept ? number++ : undefined,
    }
  })
  return { statements, globals: statements.slice(0, titles[0]?.index), entries }
}

/** Debian's GRUB has no network commands, and the shell's own are in no boot loader. */
const isInStage2 = ({ word }: CommandStatement): boolean => {
  const build = commandNamed(word.text)?.build
  return build === undefined || build === 'graphics'
}
