import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from './printable.ts'

const dangerous = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

const foreignText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\x1b', '\x1b]52;c;', '\x07', '\x9b31m', '\u202e', '\x1b\x1b[2J', '\r', '\n'),
    ),
  )
  .map((parts) => parts.join(''))

test('no control, escape or bidirectional character survives, and a second pass changes nothing', () => {
  fc.assert(
    fc.property(foreignText, (text) => {
      const shown = printable(text)
      expect(shown).not.toMatch(dangerous)
      expect(printable(shown)).toBe(shown)
    }),
  )
})

test('tabs, newlines and other scripts stay as they are', () => {
  expect(printable('a\tb\nGrüße 日本 🐧')).toBe('a\tb\nGrüße 日本 🐧')
})

test('a nested sequence shows its parts', () => {
  expect(printable('\x1b\x1b[2J[2J\x9b2J\u202e')).toBe('␛␛[2J[2J\ufffd2J\ufffd')
})
