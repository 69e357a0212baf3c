import { anywhereCommands } from './anywhere.ts'
import type { CommandInfo } from './command.ts'
import { entryOnlyCommands } from './entry-only.ts'
import { menuOnlyCommands } from './menu-only.ts'

const table = { ...menuOnlyCommands, ...anywhereCommands, ...entryOnlyCommands }

/** A command of GRUB Legacy 0.97. */
export type CommandName = keyof typeof table

/** A command and its name. */
export interface NamedCommand extends CommandInfo {
  readonly name: CommandName
}

/**
 * Every command of GRUB Legacy 0.97: those of Debian's stage2 0.97-80, read out of its
 * `builtin_table`, and those that the manual has and other builds know.
 */
export const menuCommands: readonly NamedCommand[] = Object.entries(table)
  .map(([name, info]) => ({ name: name as CommandName, ...(info as CommandInfo) }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

const byName: ReadonlyMap<string, NamedCommand> = new Map(
  menuCommands.map((command) => [command.name, command]),
)

/** The command of that exact name: GRUB tells capitals apart and takes no abbreviation. */
export const commandNamed = (word: string): NamedCommand | undefined => byName.get(word)
