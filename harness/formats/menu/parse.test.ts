import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandsOf, printMenu } from './menu-file.ts'
import { menuText } from './menu-text.ts'
import { parseMenu } from './parse.ts'
import type { CommandStatement } from './statement.ts'

const commands = (text: string): CommandStatement[] =>
  parseMenu(text).statements.filter((it) => it.kind === 'command')

const only = (text: string): CommandStatement => commands(text)[0]!

test('entries begin at titles; what stands before the first one is global', () => {
  const file = parseMenu('# menu\ntimeout 5\n\ntitle One\nkernel /a\n\ntitle Two\nkernel /b\n')
  expect(file.globals.map((it) => it.kind)).toEqual(['comment', 'command', 'blank'])
  expect(
    file.entries.map(({ title, number, heading, statements }) => ({
      title,
      number,
      line: heading.line,
      kinds: statements.map((it) => it.kind),
    })),
  ).toEqual([
    { title: 'One', number: 0, line: 4, kinds: ['command', 'blank'] },
    { title: 'Two', number: 1, line: 7, kinds: ['command'] },
  ])
})

test('a statement, its command word and each argument know their place', () => {
  const text = '\n\t kernel = /kickstart kmem=4M \\\n  maxmem=8M\n'
  const { line, column, word, separator, arguments: rest, words } = only(text)
  expect({ line, column, separator, rest: rest.text }).toEqual({
    line: 2,
    column: 1,
    separator: ' = ',
    rest: '/kickstart kmem=4M    maxmem=8M',
  })
  expect(
    [word, ...words].map((it) => [
      it.text,
      it.line,
      it.column,
      it.text === text.slice(it.start, it.end),
    ]),
  ).toEqual([
    ['kernel', 2, 3, true],
    ['/kickstart', 2, 12, true],
    ['kmem=4M', 2, 23, true],
    ['maxmem=8M', 3, 3, true],
  ])
})

// Each was given to GRUB 0.97-80 as an argument of `print`.
test.for([
  ['print [a\tb  "c"  ]  ', '[a b  "c"  ]  '],
  ['print =  = [eq]', '[eq]'],
  ['print==[eq2] = x', '[eq2] = x'],
  ['print one\\\n   two\\\\\nthree \\ four\n', 'one    two\\ three \\ four'],
  ['print nul\0hidden\n', 'nul'],
  ['\\\nprint after lone backslash\n', 'after lone backslash'],
  ['print a # b\n', 'a # b'],
  ['print a\r\n', 'a'],
  ['pri\rnt a\rb', 'ab'],
  ['print a\\', 'a\\'],
  ['print', ''],
] as const)('%j passes %j on', ([text, passed]) => {
  const { name, arguments: rest } = only(text)
  expect([name, rest.text]).toEqual(['print', passed])
})

test('a comment begins at # behind blanks, and takes the next line in after a backslash', () => {
  const file = parseMenu('  # a \\\nkernel /x\n\t#b\nkernel /y # c\n')
  expect(file.statements.map(({ kind, line }) => [kind, line])).toEqual([
    ['comment', 1],
    ['comment', 3],
    ['command', 4],
  ])
})

test.for(['kernal /x', 'Kernel /x', 'root(hd0,0)', '/x', '= /x', '\0kernel /x', '\\'])(
  'GRUB knows no command in %j',
  (text) => expect(only(text).name).toBeUndefined(),
)

test('an entry without a command that GRUB knows has no number', () => {
  const file = parseMenu('title a\nkernal /x\ntitle b\ndhcp\ntitle c\nlock\ntitle d\ntitle e\nboot')
  expect(file.entries.map(({ title, number }) => [title, number])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['c', 0],
    ['d', undefined],
    ['e', 1],
  ])
})

test('GRUB reads 1500 characters of a line, and cuts it silently', () => {
  const whole = only(`  print ${'y'.repeat(1494)}`)
  const long = only(`print ${'y'.repeat(1495)}`)
  const continued = only(`print ${'z'.repeat(1600)}\\\nq`)
  expect([whole, long, continued].map((it) => [it.arguments.text.length, it.cut])).toEqual([
    [1494, undefined],
    [1494, 'length'],
    [1494, 'length'],
  ])
  expect(continued.arguments.text).toBe(`${'z'.repeat(1493)} `)
})

test('only known commands are listed', () => {
  const names = commandsOf(parseMenu('modul /a\nmodule /b\n# c\n').statements).map((it) => it.name)
  expect(names).toEqual(['module'])
})

test('printing what was parsed gives the text back', () => {
  const anything = fc.oneof(menuText, fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(anything, (text) => {
      expect(printMenu(parseMenu(text))).toBe(text)
    }),
  )
})

test('every place of any text is one in it', () => {
  fc.assert(
    fc.property(menuText, (text) => {
      const lines = text.split('\n')
      for (const it of commands(text)) {
        for (const { start, end, line, column } of [it, it.word, it.arguments, ...it.words]) {
          const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
          expect(start).toBe(before + column - 1)
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(text.length)
        }
      }
    }),
  )
})
