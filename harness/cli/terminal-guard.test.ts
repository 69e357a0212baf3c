import xterm from '@xterm/headless'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileText } from '../test-tools/hostile-text.ts'
import { TerminalGuard } from './terminal-guard.ts'

const passed = (pieces: readonly Uint8Array[]): string => {
  const guard = new TerminalGuard()
  return pieces.map((it) => guard.pass(it)).join('') + guard.restore()
}

/** Sequences with a string, C1 controls, and requests that a terminal answers with text of the guest's choice. */
const forbidden = /\x1b(?:[\]P_^X]|\[[\d;]*[ti])|[\x80-\x9f\x05]|[\u202a-\u202e\u2066-\u2069]/

test('a guest draws, and does nothing else to the terminal, however its output is cut', () => {
  fc.assert(
    fc.property(fc.array(hostileText), (texts) => {
      expect(passed(texts.map((it) => Buffer.from(it)))).not.toMatch(forbidden)
      const bytes = Buffer.from(texts.join(''))
      expect(passed(Array.from(bytes, (byte) => Buffer.of(byte)))).toBe(passed([bytes]))
    }),
  )
})

test.each([
  ['the clipboard', '\x1b]52;c;ZWNobyBwd25lZAo=\x07'],
  ['the title', '\x1b]0;title\x1b\\'],
  ['a device control string', '\x1bP$qm\x1b\\'],
  ['a report of the title', '\x1b[21t'],
  ['C1 controls as UTF-8', '\u009d52;c;AA\u009c'],
  ['a sequence inside a sequence', '\x1b\x1b[K]52;c;AA\x07'],
])('%s is out of its reach', (_, text) => {
  expect(passed([Buffer.from(text)])).not.toMatch(forbidden)
})

test('what it draws arrives unchanged', () => {
  const drawn = '\x1b[2J\x1b[1;1HGrüße \x1b[1;31mred\x1b[0m\x1b[6n\b\t\r\n'
  expect(new TerminalGuard().pass(Buffer.from(drawn))).toBe(drawn)
})

test('the terminal is left as it was', async () => {
  const terminal = new xterm.Terminal({ allowProposedApi: true })
  const guard = new TerminalGuard()
  const write = async (text: string) =>
    await new Promise<void>((resolve) => terminal.write(text, resolve))
  const usual = { ...terminal.modes }
  const modes = '\x1b[4h\x1b[?1;6;45;1000;1004;2004;1049h\x1b[?7;25l\x1b=\x1b[2;5r\x1b[7m'
  await write(guard.pass(Buffer.from(modes)))
  expect(terminal.buffer.active.type).toBe('alternate')
  await write(guard.restore())
  expect({ ...terminal.modes }).toEqual(usual)
  expect(terminal.buffer.active.type).toBe('normal')
})
