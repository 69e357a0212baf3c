import { distance, nearest } from '../../core/nearest.ts'
import { commandNamed, menuCommands } from '../../formats/menu/commands/table.ts'
import { withWord } from '../../formats/menu/edit.ts'
import { commandsOf } from '../../formats/menu/menu-file.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import { byteOrderMark, shown, type Complaint, type Rule } from '../rule.ts'

/** Never proposed: who misspells something else must not be led to write to a disk. */
const writers = new Set(['embed', 'hide', 'install', 'partnew', 'parttype', 'setup', 'unhide'])

const names = menuCommands.map((it) => it.name).filter((it) => !writers.has(it))

/** One slip is a misspelling, in a long word two; capitals do not count. */
const isCertain = (word: string, meant: string): boolean =>
  /^[a-z]+:?$/i.test(word) && distance(word.toLowerCase(), meant) <= (word.length < 7 ? 1 : 2)

const unknownCommand = (statement: CommandStatement): Complaint => {
  const { word } = statement
  const message = `Expected a command of GRUB Legacy, found ${shown(word.text)}`
  const meant = /^[ -~]{2,}$/.test(word.text) ? nearest(word.text, names) : undefined
  if (meant === undefined) return { at: word, message: `${message}.${hint(word.text)}` }
  const fix = {
    description: `Replace "${word.text}" by "${meant}".`,
    changes: () => [withWord(statement, meant)],
  }
  return {
    at: word,
    message: `${message}. Did you mean "${meant}"?`,
    ...(isCertain(word.text, meant) && { fix }),
  }
}

/** A command whose arguments begin without a blank, such as `root(hd0,0)`. */
const hint = (word: string): string => {
  const [, name, rest] = /^([a-z]+)([^a-z].*)$/.exec(word) ?? []
  return name !== undefined && commandNamed(name) !== undefined
    ? ` Did you mean "${name} ${rest}"?`
    : ''
}

const entryCommands = (statements: readonly CommandStatement[]): CommandStatement[] =>
  statements.filter((it) => commandNamed(it.word.text)?.place === 'entry')

const builds = {
  graphics: 'with the graphics patch',
  network: 'for the network',
  shell: 'as a shell',
}

export const commandRules: readonly Rule[] = [
  {
    id: 'unknown-command',
    severity: 'error',
    trips: 'a line whose first word is no command of GRUB Legacy',
    why: 'GRUB skips the line without a word; a module that is left out shifts all that follow.',
    fix: 'the nearest command, if it is a slip away',
    check: ({ file }) =>
      file.statements
        .filter((it) => it.kind === 'command')
        .filter((it) => it.name === undefined)
        .filter((it) => it.word.line > 1 || !it.word.text.startsWith(byteOrderMark))
        .map(unknownCommand),
  },
  {
    id: 'command-of-other-build',
    severity: 'warning',
    trips: 'a command of the network build or of the shell',
    why: "Debian's GRUB Legacy does not have it and skips the line without a word.",
    check: ({ file }) =>
      commandsOf(file.statements).flatMap(({ word }) => {
        const build = commandNamed(word.text)?.build
        if (build === undefined || build === 'graphics') return []
        const message = `Expected a command that every GRUB has, found "${word.text}", which only a GRUB built ${builds[build]} has.`
        return [{ at: word, message }]
      }),
  },
  {
    id: 'menu-command-in-entry',
    severity: 'error',
    trips: '`default`, `timeout`, `fallback` or `hiddenmenu` behind a title',
    why: 'The entry stops with "Error 27: Unrecognized command".',
    check: ({ entries }) =>
      entries.flatMap(({ commands }) =>
        commands
          .filter((it) => commandNamed(it.word.text)?.place === 'menu')
          .map(({ word }) => ({
            at: word,
            message: `Expected "${word.text}" before the first title, found it in an entry.`,
          })),
      ),
  },
  {
    id: 'entry-command-before-title',
    severity: 'warning',
    trips: 'a command of an entry, such as `root` or `kernel`, before the first title',
    why: 'GRUB ignores the line.',
    check: ({ file }) =>
      file.entries.length === 0
        ? []
        : entryCommands(commandsOf(file.globals)).map(({ word }) => ({
            at: word,
            message: `Expected "${word.text}" behind a title, found it before the first one.`,
          })),
  },
]
