import { expect, test } from 'vitest'
import { printMenu } from '../formats/menu/menu-file.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { applyFixes } from './apply-fixes.ts'

const fixed = (text: string): string => printMenu(applyFixes(parseMenu(text)).file)

test('fixes are made rule by rule from the bottom up, each on what those before have left', () => {
  // Before the second title is mended, there is no entry 1.
  const menu = 'default 1\ntitle a\nboot\ntitel b\nkernal /x # y\n'
  const { file, applied } = applyFixes(parseMenu(menu))
  expect(printMenu(file)).toBe('default 1\ntitle a\nboot\ntitle b\nkernel /x\n')
  expect(applied.map((it) => [it.line, it.rule])).toEqual([
    [5, 'unknown-command'],
    [4, 'unknown-command'],
    [5, 'trailing-comment'],
  ])
})

test.for([
  ['a word that is far from every command', 'title t\nset root=(hd0,0)\nboot\n'],
  ['a word with marks around it', 'title t\nboot\n-title u\nboot\n'],
  ['a comment before continued arguments', 'title t\nkernel /x # y \\\n  root=/dev/ram0\n'],
  ['a word that begins with #', 'title t\nkernel /x #y\n'],
] as const)('%s is left alone', ([, menu]) => expect(fixed(menu)).toBe(menu))

test('only the comment goes', () => {
  expect(fixed('title t\r\n\tkernel=/x  "a #b"  # c # d\r\n')).toBe(
    'title t\r\n\tkernel=/x  "a #b"\r\n',
  )
})
