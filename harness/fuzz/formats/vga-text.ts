import { imageOfVga } from '../../console/vga-image.ts'
import { vgaCells, vgaIndexes, vgaModeOf, type RegisterValues } from '../../formats/vga-text.ts'
import type { FuzzedFormat } from '../format.ts'

const { graphics, crt } = vgaIndexes
const registers = graphics.length + crt.length

/** 80 columns, 25 rows, as a BIOS sets them. */
const sample = Buffer.from([
  ...[0x10, 0x0e],
  ...[0x4f, 0x1f, 0x4f, 0x0d, 0, 0, 0, 0x50, 0x8f, 0x28],
  ...Buffer.from('I\x07P\x07C\x1f'.repeat(100), 'latin1'),
])

const valuesOf = (indexes: readonly number[], bytes: Buffer): RegisterValues =>
  new Map(indexes.map((index, at) => [index, bytes[at] ?? 0]))

/** The registers of a VGA, then its memory. */
export const vgaText: FuzzedFormat = {
  name: 'vga-text',
  samples: () => [sample],
  run: (bytes) => {
    const mode = vgaModeOf(
      valuesOf(graphics, bytes),
      valuesOf(crt, bytes.subarray(graphics.length)),
    )
    if (typeof mode === 'string') return
    imageOfVga({ mode, cells: vgaCells(mode, bytes.subarray(registers)) })
  },
}
