import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatDuration,
  formatSize,
  plainText,
  signed,
  visibleText,
  withoutTabs,
  wrapped,
} from './text.ts'

test('plain text has neither carriage returns nor escape sequences', () => {
  expect(plainText('\r\x1b[1m\x1b[33mL4Ka::Pistachio\x1b[0m')).toBe('L4Ka::Pistachio')
  expect(plainText('\x1b[4;2H+---+\x1b[7m')).toBe('+---+')
  expect(plainText('\x1b]0;title\x07lo\x1b(Bgin\x1b7: \x1bc')).toBe('login: ')
})

test('the plain text of a beginning is a beginning of the plain text', () => {
  const pieces = fc.constantFrom(
    '\x1b',
    '[',
    '1',
    ';',
    'm',
    'a',
    '\r',
    '> ',
    '\x1b[0m',
    'B',
    ']',
    '\x07',
    '\\',
    '(',
  )
  fc.assert(
    fc.property(fc.array(pieces), fc.nat(), (parts, cut) => {
      const whole = parts.join('')
      const beginning = whole.slice(0, cut % (whole.length + 1))
      expect(plainText(whole).startsWith(plainText(beginning))).toBe(true)
    }),
  )
})

test('control characters are shown', () => {
  expect(visibleText('\r\x1b[1m> \x7f')).toBe('␍␛[1m> ␡')
})

test('durations and sizes are read at a glance', () => {
  expect([3.4, 99, 100, 2914].map(formatDuration)).toEqual(['3 ms', '99 ms', '0.10 s', '2.91 s'])
  expect([812, 29_696, 2_500_000].map(formatSize)).toEqual(['812 B', '29.0 KiB', '2.4 MiB'])
})

test('lines are broken at blanks, and tabulators shown as blanks', () => {
  expect(wrapped('one two three abcdefghijkl m', 8)).toEqual([
    'one two',
    'three',
    'abcdefghijkl',
    'm',
  ])
  expect(withoutTabs('\teax:\t1')).toBe(`${' '.repeat(8)}eax:    1`)
})

test('a difference has its sign, one that rounds to nothing too', () => {
  expect([1, '-0.25', '-0.00', 0].map(signed)).toEqual(['+1', '-0.25', '+0.00', '+0'])
})
