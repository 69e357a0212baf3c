import { characterOf437 } from './code-page-437.ts'

/** Colours of a VGA's text, by their number in an attribute. */
const colours = [
  ...['black', 'blue', 'green', 'cyan', 'red', 'magenta', 'brown', 'light grey'],
  ...['dark grey', 'light blue', 'light green', 'light cyan'],
  ...['light red', 'light magenta', 'yellow', 'white'],
] as const

/** The colour of a character, or of what is behind it: one of the first eight. */
export type VgaColour = (typeof colours)[number]

/** A character on a VGA's text screen. */
export interface VgaCell {
  readonly character: string
  readonly foreground: VgaColour
  readonly background: VgaColour
  readonly blinks: boolean
}

/** What a VGA's text looks like, in characters. */
export interface VgaTextMode {
  readonly columns: number
  readonly rows: number
  /** Where in memory the first character stands: kernels scroll by moving it. */
  readonly start: number
  /** From a row's beginning to the next. */
  readonly pitch: number
  /** Counted from 0; missing when it is hidden or elsewhere. */
  readonly cursor: { readonly row: number; readonly column: number } | undefined
}

/** Where text stands in physical memory: two bytes a character. */
export const vgaWindow = { address: 0xb8000, size: 0x8000 } as const

/** Registers that tell the text mode, by their index; names are IBM's. */
export const vgaIndexes = {
  /** Graphics controller: Mode, Miscellaneous. */
  graphics: [0x05, 0x06],
  /**
   * CRT controller: End Horizontal Display, Overflow, Maximum Scan Line, Cursor Start, Start Address
   * High and Low, Cursor Location High and Low, Vertical Display End, Offset.
   */
  crt: [0x01, 0x07, 0x09, 0x0a, 0x0c, 0x0d, 0x0e, 0x0f, 0x12, 0x13],
} as const

/** Values of registers by their index. */
export type RegisterValues = ReadonlyMap<number, number>

/**
 * The text mode that a VGA is in, or what it is in instead, as a clause.
 *
 * Source: IBM's VGA reference, as QEMU's hw/display/vga.c has it.
 */
export const vgaModeOf = (graphics: RegisterValues, crt: RegisterValues): VgaTextMode | string => {
  const of = (values: RegisterValues, index: number) => values.get(index) ?? 0
  const [columns, pitch] = [of(crt, 0x01) + 1, of(crt, 0x13) * 2]
  const overflow = of(crt, 0x07)
  const scanLines = (of(crt, 0x12) | ((overflow & 0x02) << 7) | ((overflow & 0x40) << 3)) + 1
  const rows = Math.floor(scanLines / ((of(crt, 0x09) & 0x1f) + 1))
  if (of(graphics, 0x06) & 0x01) return 'it shows graphics, not text'
  // At power-on; and a kernel that loads a font has the memory elsewhere for a moment.
  const oddEven = (of(graphics, 0x05) & 0x10) !== 0
  const atWindow = ((of(graphics, 0x06) >> 2) & 0x03) === 3
  if (!oddEven || !atWindow || columns < 20 || rows < 10 || pitch < columns) {
    return 'it is in no colour text mode'
  }
  const start = (of(crt, 0x0c) << 8) | of(crt, 0x0d)
  if (start * 2 >= vgaWindow.size) return 'it shows memory that is not read for text'
  const behind = ((of(crt, 0x0e) << 8) | of(crt, 0x0f)) - start
  const place = { row: Math.floor(behind / pitch), column: behind % pitch }
  const on = behind >= 0 && place.row < rows && place.column < columns
  const hidden = !on || (of(crt, 0x0a) & 0x20) !== 0
  return { columns, rows, start, pitch, cursor: hidden ? undefined : place }
}

/** The rows of a text screen. `memory` begins at the mode's first character; what it lacks is blank. */
export const vgaCells = ({ columns, rows, pitch }: VgaTextMode, memory: Uint8Array): VgaCell[][] =>
  Array.from({ length: rows }, (_row, row) =>
    Array.from({ length: columns }, (_column, column) => {
      const at = (row * pitch + column) * 2
      return cellOf(memory[at] ?? 0, memory[at + 1] ?? 0)
    }),
  )

/** By default an attribute's highest bit makes the character blink. */
const cellOf = (byte: number, attribute: number): VgaCell => ({
  character: characterOf437(byte),
  foreground: colours[attribute & 0x0f]!,
  background: colours[(attribute >> 4) & 0x07]!,
  blinks: attribute >= 0x80,
})
