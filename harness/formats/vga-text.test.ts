import { expect, test } from 'vitest'
import { characterOf437, isIn437 } from './code-page-437.ts'
import { vgaCells, vgaModeOf, type VgaTextMode } from './vga-text.ts'

/** What SeaBIOS sets for 80 columns and 25 rows, read from QEMU. */
const graphics = { 0x05: 0x10, 0x06: 0x0e }
const crt = {
  ...{ 0x01: 0x4f, 0x07: 0x1f, 0x09: 0x4f, 0x0a: 0x0d, 0x0c: 0, 0x0d: 0 },
  ...{ 0x0e: 0x02, 0x0f: 0x80, 0x12: 0x8f, 0x13: 0x28 },
}

const modeOf = (changes: Record<number, number> = {}, changesOfGraphics = {}) => {
  const mapOf = (values: Record<number, number>) =>
    new Map(Object.entries(values).map(([index, value]) => [Number(index), value]))
  return vgaModeOf(mapOf({ ...graphics, ...changesOfGraphics }), mapOf({ ...crt, ...changes }))
}

const textMode: VgaTextMode = {
  columns: 80,
  rows: 25,
  start: 0,
  pitch: 80,
  cursor: { row: 8, column: 0 },
}

test("the BIOS's text mode has 80 columns and 25 rows", () => {
  expect(modeOf()).toEqual(textMode)
})

test('rows count by the height of the font', () => {
  expect(modeOf({ 0x09: 0x47 })).toMatchObject({ rows: 50 })
})

test('a cursor that is hidden or elsewhere is nowhere', () => {
  expect(modeOf({ 0x0a: 0x20 })).toMatchObject({ cursor: undefined })
  expect(modeOf({ 0x0e: 0x20 })).toMatchObject({ cursor: undefined })
  expect(modeOf({ 0x0c: 0x04 })).toMatchObject({ start: 0x400, cursor: undefined })
  expect(modeOf({ 0x0c: 0x02, 0x0d: 0x30 })).toMatchObject({ cursor: { row: 1, column: 0 } })
})

test.for([
  ['graphics', {}, { 0x06: 0x05 }, 'it shows graphics, not text'],
  ['power-on', { 0x01: 0, 0x07: 0, 0x12: 0, 0x13: 0 }, {}, 'it is in no colour text mode'],
  ['a kernel that loads a font', {}, { 0x05: 0, 0x06: 0 }, 'it is in no colour text mode'],
  ['monochrome text', {}, { 0x06: 0x0a }, 'it is in no colour text mode'],
  ['an address out of reach', { 0x0c: 0x40 }, {}, 'it shows memory that is not read for text'],
] as const)('%s is no text that can be read', ([, changes, changesOfGraphics, clause]) => {
  expect(modeOf(changes, changesOfGraphics)).toBe(clause)
})

test('memory becomes characters with colours, row by row', () => {
  const memory = Uint8Array.from([0x41, 0x07, 0x80, 0x1e, 0, 0, 0xb3, 0x70, 0x01, 0xc4])
  const rows = vgaCells({ ...textMode, columns: 2, rows: 3, pitch: 3 }, memory)
  expect(rows.map((row) => row.map(({ character }) => character))).toEqual([
    ['A', 'Ç'],
    ['│', '☺'],
    [' ', ' '],
  ])
  expect(rows[0]![1]).toMatchObject({ foreground: 'yellow', background: 'blue', blinks: false })
  expect(rows[1]![0]).toMatchObject({ foreground: 'black', background: 'light grey' })
  expect(rows[1]![1]).toMatchObject({ foreground: 'red', background: 'red', blinks: true })
})

test('code page 437 has a character for every byte, and ASCII where it belongs', () => {
  const characters = Array.from({ length: 256 }, (_, byte) => characterOf437(byte))
  expect(characters.every((it) => it.length === 1)).toBe(true)
  // A blank stands there for 00, 20 and FF.
  expect(new Set(characters).size).toBe(254)
  for (let byte = 0x20; byte < 0x7f; byte++) {
    expect(characters[byte]).toBe(String.fromCodePoint(byte))
  }
  expect([0x18, 0x7f, 0xb0, 0xda, 0xe1, 0xfb].map(characterOf437).join('')).toBe('↑⌂░┌ß√')
  expect(isIn437('Größe ═╗')).toBe(true)
  expect(isIn437('€')).toBe(false)
})
