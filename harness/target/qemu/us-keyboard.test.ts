import { expect, test } from 'vitest'
import { chordsOf } from './us-keyboard.ts'

test.for([
  ['aZ1', [['a'], ['shift', 'z'], ['1']]],
  ['root\n', [['r'], ['o'], ['o'], ['t'], ['ret']]],
  [
    '!_|"~?',
    ['1', 'minus', 'backslash', 'apostrophe', 'grave_accent', 'slash'].map((it) => ['shift', it]),
  ],
  [' \t\b\x7f', [['spc'], ['tab'], ['backspace'], ['backspace']]],
  ['\r\x03\x0e', [['ret'], ['ctrl', 'c'], ['ctrl', 'n']]],
  ['\x1b[A\x1b[5~\x1b', [['up'], ['pgup'], ['esc']]],
  // No sequence that a key gives: an Escape, and what follows.
  ['\x1b[9x', [['esc'], ['bracket_left'], ['9'], ['x']]],
  ['', []],
] as const)('%j is typed with %j', ([text, chords]) => {
  expect(chordsOf(text)).toEqual(chords)
})

test('every character of ASCII that a keyboard has is there', () => {
  for (let code = 0x20; code < 0x7f; code++) {
    expect(chordsOf(String.fromCodePoint(code))).toHaveLength(1)
  }
})

test.for(['ü', '€', '\u{1f600}', '\0', '\x9b'])('%j is on no US keyboard', (character) => {
  expect(() => chordsOf(`a${character}`)).toThrow('expected characters of a US keyboard, found')
})
