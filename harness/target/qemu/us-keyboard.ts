import { BootstandError } from '../../core/errors.ts'

/** Keys that are held down together, by QEMU's names (QKeyCode), in the order in which they go down. */
export type Chord = readonly string[]

const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
const digits = Array.from('1234567890')

/** A key's name, what it gives alone, and what with shift. */
const keys: readonly (readonly [name: string, alone: string, shifted?: string])[] = [
  ...letters.map((it) => [it, it, it.toUpperCase()] as const),
  ...digits.map((it, index) => [it, it, '!@#$%^&*()'[index]!] as const),
  ['minus', '-', '_'],
  ['equal', '=', '+'],
  ['bracket_left', '[', '{'],
  ['bracket_right', ']', '}'],
  ['backslash', '\\', '|'],
  ['semicolon', ';', ':'],
  ['apostrophe', "'", '"'],
  ['grave_accent', '`', '~'],
  ['comma', ',', '<'],
  ['dot', '.', '>'],
  ['slash', '/', '?'],
  ['spc', ' '],
  ['ret', '\r'],
  ['ret', '\n'],
  ['tab', '\t'],
  ['backspace', '\b'],
  ['backspace', '\x7f'],
  ['esc', '\x1b'],
  // What a terminal sends for the keys that give no character.
  ['up', '\x1b[A'],
  ['down', '\x1b[B'],
  ['right', '\x1b[C'],
  ['left', '\x1b[D'],
  ['home', '\x1b[H'],
  ['end', '\x1b[F'],
  ['insert', '\x1b[2~'],
  ['delete', '\x1b[3~'],
  ['pgup', '\x1b[5~'],
  ['pgdn', '\x1b[6~'],
]

const chords: ReadonlyMap<string, Chord> = new Map<string, Chord>([
  // First, since Enter, Tab and Backspace have keys of their own.
  ...letters.map((it, index): [string, Chord] => [String.fromCodePoint(index + 1), ['ctrl', it]]),
  ...keys.map(([name, alone]): [string, Chord] => [alone, [name]]),
  ...keys.flatMap(([name, , shifted]): [string, Chord][] =>
    shifted === undefined ? [] : [[shifted, ['shift', name]]],
  ),
])

/**
 * The keys of a US keyboard that give a text: Enter is `\n` or `\r`, `\x03` Control-C, and an arrow
 * what a terminal sends for it (`\x1b[B`).
 *
 * @throws {BootstandError} when the keyboard has no such character.
 */
export const chordsOf = (text: string): Chord[] =>
  (text.match(/\x1b\[(?:[A-DFH]|[2356]~)|[^]/gu) ?? []).map((piece) => {
    const chord = chords.get(piece)
    if (chord === undefined) throw noSuchKey(text, piece)
    return chord
  })

const noSuchKey = (text: string, piece: string): BootstandError => {
  const code = piece.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return new BootstandError(
    'BOOTSTAND_KEY',
    'usage',
    `type(${JSON.stringify(text)}) on vga: expected characters of a US keyboard, found ${JSON.stringify(piece)} ` +
      `(U+${code}). Nothing was typed. A guest with another layout still gets US keys.`,
  )
}
