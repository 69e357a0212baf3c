import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BootstandError } from '../../core/errors.ts'
import { insertAfter, removeStatement, replaceArguments, replaceWord } from './edit.ts'
import { printMenu, type MenuFile } from './menu-file.ts'
import { parseMenu } from './parse.ts'
import { menuText } from './menu-text.ts'
import type { CommandStatement } from './statement.ts'

const file = parseMenu('title = L4 \r\n\tkernal=/kickstart \\\r\n  kmem=4M \r\n# end')
const [title, kernel, end] = file.statements as [CommandStatement, CommandStatement, never]

test('arguments are replaced; indentation, separator and line end stay', () => {
  expect(printMenu(replaceArguments(file, title, 'Pistachio'))).toBe(
    'title = Pistachio\r\n\tkernal=/kickstart \\\r\n  kmem=4M \r\n# end',
  )
  expect(printMenu(replaceArguments(file, kernel, '/x'))).toBe(
    'title = L4 \r\n\tkernal=/x\r\n# end',
  )
})

test('a command word is replaced; its arguments stay as they are written', () => {
  expect(printMenu(replaceWord(file, kernel, 'kernel'))).toBe(
    'title = L4 \r\n\tkernel=/kickstart \\\r\n  kmem=4M \r\n# end',
  )
})

test('a line is inserted in the manner of the one before it', () => {
  const module = { word: 'module', arguments: '/sigma0' }
  expect(printMenu(insertAfter(file, kernel, module))).toBe(
    'title = L4 \r\n\tkernal=/kickstart \\\r\n  kmem=4M \r\n\tmodule=/sigma0\r\n# end',
  )
  expect(printMenu(insertAfter(file, end, { word: 'boot' }))).toBe(`${printMenu(file)}\r\nboot`)
  expect(printMenu(insertAfter(file, undefined, { word: 'timeout', arguments: '0' }))).toBe(
    `timeout 0\r\n${printMenu(file)}`,
  )
})

test('a line is removed', () => {
  expect(printMenu(removeStatement(file, kernel))).toBe('title = L4 \r\n# end')
})

test('arguments are given to a line that had none', () => {
  const bare = parseMenu('root')
  const statement = bare.statements[0] as CommandStatement
  expect(printMenu(replaceArguments(bare, statement, '(cd)'))).toBe('root (cd)')
})

test.for([
  ['a line break', () => replaceArguments(file, kernel, '/x\nboot')],
  ['a leading blank', () => replaceArguments(file, kernel, ' /x')],
  ['a line that is too long', () => replaceArguments(file, kernel, 'x'.repeat(1500))],
  ['a command of two words', () => replaceWord(file, kernel, 'kernel /x')],
  ['a command that would be a comment', () => replaceWord(file, kernel, '#kernel')],
  ['a line of a menu that was changed', () => removeStatement(parseMenu('boot\n'), kernel)],
  ['a line behind an open backslash', () => insertAfter(...openEnd(), { word: 'boot' })],
] as const)('%s is refused', ([, edit]) => expect(edit).toThrow(BootstandError))

const openEnd = (): [MenuFile, CommandStatement] => {
  const open = parseMenu('kernel /x \\')
  return [open, open.statements[0] as CommandStatement]
}

const sources = (menu: MenuFile): string[] => menu.statements.map((it) => it.source)

/** The edited menu; the one before if the edit was refused with a reason. */
const attempt = (before: MenuFile, edit: () => MenuFile): MenuFile => {
  try {
    return edit()
  } catch (error) {
    expect(error).toBeInstanceOf(BootstandError)
    return before
  }
}

/** A menu and one of its statements. */
const place = fc
  .tuple(menuText, fc.nat())
  .map(([text, pick]) => ({ menu: parseMenu(text), pick }))
  .filter(({ menu }) => menu.statements.length > 0)
  .map(({ menu, pick }) => ({ menu, at: pick % menu.statements.length }))

/** A menu and one of its commands. */
const commandPlace = place
  .map(({ menu, at }) => ({ menu, at, statement: menu.statements[at]! }))
  .filter(
    (it): it is typeof it & { statement: CommandStatement } => it.statement.kind === 'command',
  )

const words = fc.constantFrom('kernel', '/x', '(hd0,0) a', 'a\\b', 'ä', 'x'.repeat(1490))

test('removing a line leaves all others alone', () => {
  fc.assert(
    fc.property(place, ({ menu, at }) => {
      const removed = removeStatement(menu, menu.statements[at]!)
      expect(sources(removed)).toEqual(sources(menu).toSpliced(at, 1))
    }),
  )
})

test('an inserted line is what was asked for and leaves all others alone', () => {
  fc.assert(
    fc.property(place, words, ({ menu, at }, word) => {
      const before = menu.statements[at]!
      const command = { word: 'root', arguments: word }
      const inserted = attempt(menu, () => insertAfter(menu, before, command))
      fc.pre(inserted !== menu)
      expect(sources(inserted).toSpliced(at, 2)).toEqual(sources(menu).toSpliced(at, 1))
      expect(inserted.statements[at]!.source.trimEnd()).toBe(before.source.trimEnd())
      expect(inserted.statements[at + 1]).toMatchObject({ name: 'root', arguments: { text: word } })
    }),
  )
})

test('replaced arguments are what was asked for and leave all other lines alone', () => {
  fc.assert(
    fc.property(commandPlace, words, ({ menu, at, statement }, text) => {
      const replaced = attempt(menu, () => replaceArguments(menu, statement, text))
      fc.pre(replaced !== menu)
      expect(sources(replaced).toSpliced(at, 1)).toEqual(sources(menu).toSpliced(at, 1))
      expect(replaced.statements[at]).toMatchObject({
        word: { text: statement.word.text },
        arguments: { text },
      })
    }),
  )
})

test('a replaced command word is what was asked for and leaves all other lines alone', () => {
  fc.assert(
    fc.property(commandPlace, ({ menu, at, statement }) => {
      const replaced = attempt(menu, () => replaceWord(menu, statement, 'initrd'))
      fc.pre(replaced !== menu)
      expect(sources(replaced).toSpliced(at, 1)).toEqual(sources(menu).toSpliced(at, 1))
      expect(replaced.statements[at]).toMatchObject({ name: 'initrd' })
    }),
  )
})
