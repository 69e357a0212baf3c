import { commandsOf, type MenuFile } from '../../formats/menu/menu-file.ts'
import { parseDefault, parseFallback } from '../../formats/menu/pieces/selection.ts'
import { withArguments } from '../../formats/menu/edit.ts'
import type { Span } from '../../formats/menu/span.ts'
import { shown, type Complaint, type Rule } from '../rule.ts'

const fileStart: Span = { start: 0, end: 0, line: 1, column: 1 }

const entryCount = ({ entries }: MenuFile): number =>
  entries.filter((it) => it.number !== undefined).length

const globalsNamed = (file: MenuFile, name: string) =>
  commandsOf(file.globals).filter((it) => it.name === name)

const entriesCounted = (count: number): string =>
  count === 1 ? 'the only entry is number 0' : `the last of ${count} entries is number ${count - 1}`

const checkDefault: Rule['check'] = ({ file }) => {
  const count = entryCount(file)
  if (count === 0) return []
  return globalsNamed(file, 'default').flatMap((command): Complaint[] => {
    const { value } = parseDefault(command)
    if (typeof value !== 'number' || value < count) return []
    const message = `Expected the number of an entry, found default ${value}; ${entriesCounted(count)}.`
    if (count > 1) return [{ at: command.arguments, message }]
    const fix = {
      description: 'Say default 0, which is what boots.',
      changes: () => [withArguments(command, '0')],
    }
    return [{ at: command.arguments, message, fix }]
  })
}

const checkFallback: Rule['check'] = ({ file }) => {
  const count = entryCount(file)
  if (count === 0) return []
  return globalsNamed(file, 'fallback').flatMap((command) =>
    (parseFallback(command).value ?? [])
      .filter((it) => it >= count)
      .map((it) => ({
        at: command.arguments,
        message: `Expected numbers of entries, found fallback ${it}; ${entriesCounted(count)}.`,
      })),
  )
}

const checkTitles: Rule['check'] = ({ file: { entries } }) => {
  const lines = new Map<string, number>()
  return entries.flatMap(({ title, heading }) => {
    const line = lines.get(title)
    if (line === undefined) {
      lines.set(title, heading.line)
      return []
    }
    const message = `Expected a title of its own, found ${shown(title)} again; line ${line} has it.`
    return [{ at: heading.arguments, message }]
  })
}

export const structureRules: readonly Rule[] = [
  {
    id: 'no-title',
    severity: 'error',
    trips: 'a menu without a title',
    why: 'GRUB finds no entry and stays at its prompt, "grub>".',
    check: ({ file }) =>
      file.entries.length > 0
        ? []
        : [{ at: fileStart, message: 'Expected at least one title, found none.' }],
  },
  {
    id: 'empty-entry',
    severity: 'error',
    trips: 'an entry without any command that GRUB knows',
    why: 'GRUB leaves the entry out, and those behind it are counted one less.',
    check: ({ file }) =>
      file.entries
        .filter((it) => it.number === undefined)
        .map(({ heading, title }) => ({
          at: heading,
          message: `Expected a command that GRUB knows in the entry ${shown(title)}, found none.`,
        })),
  },
  {
    id: 'duplicate-title',
    severity: 'warning',
    trips: 'two entries with the same title',
    why: 'Nobody can tell them apart in the menu, and a choice by title takes the first.',
    check: checkTitles,
  },
  {
    id: 'default-past-end',
    severity: 'error',
    trips: '`default` with a number that no entry has',
    why: 'GRUB boots entry 0 without a word.',
    fix: '`default 0`, if there is one entry',
    fixNeeds: 'menu',
    check: checkDefault,
  },
  {
    id: 'fallback-past-end',
    severity: 'warning',
    trips: '`fallback` with a number that no entry has',
    why: 'There is nothing to fall back to; GRUB waits for a key at the error.',
    check: checkFallback,
  },
]
