import fc from 'fast-check'
import { styleText } from 'node:util'
import { expect, test } from 'vitest'
import { printableJson, terminalText } from './terminal-text.ts'
import { hostileText, unsafe } from '../test-tools/hostile-text.ts'

test('foreign text does nothing to a terminal, however often it is filtered', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const safe = terminalText(text)
      expect(safe).not.toMatch(unsafe)
      expect(terminalText(safe)).toBe(safe)
    }),
  )
})

test.each([
  ['a colour with parameters', '\x1b[31;8mhidden'],
  ['concealed text', '\x1b[8mhidden'],
  ['a colour of 256', '\x1b[38;5;0mhidden'],
  ['a reset inside a sequence', '\x1b\x1b[39m[8m'],
  ['a sequence that removing another assembles', '\x1b[\x1b[2J2J'],
  ['the clipboard', '\x1b]52;c;ZWNobyBwd25lZAo=\x07'],
  ['C1 controls', '\x9b2J\x9d52;c;AA\x9c'],
  ['text written backwards', '\u202egpj.exe'],
])('%s is made visible', (_, text) => {
  expect(terminalText(text)).not.toMatch(unsafe)
})

test('its own styles stay, and one that is not ended is ended', () => {
  const own = styleText(['bold', 'red'], 'failed', { validateStream: false })
  expect(terminalText(`${own}\n`)).toBe(`${own}\n`)
  expect(terminalText('\x1b[32mgreen\n')).toBe('\x1b[32mgreen\x1b[39m\n')
})

test('JSON means the same, without a character that does something', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = printableJson({ [text]: text })
      expect(json).not.toMatch(unsafe)
      expect(JSON.parse(json)).toEqual({ [text]: text })
    }),
  )
})
