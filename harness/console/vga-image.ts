import type { VgaCell, VgaTextMode } from '../formats/vga-text.ts'
import type { ScreenImage } from './screen-image.ts'

/** What was read of a VGA; in other modes than text only a clause that tells so. */
export type VgaReading =
  | { readonly mode: VgaTextMode; readonly cells: readonly VgaCell[][] }
  | string

/** What a VGA's text screen shows at one moment, with colours. */
export interface VgaImage extends ScreenImage {
  /** Rows of characters with their attributes. */
  readonly cells: readonly (readonly VgaCell[])[]
}

/**
 * A reading as an image. A row is highlighted where it has another background than most of the screen:
 * a VGA's text has no inverse video, only colours.
 */
export const imageOfVga = ({ mode, cells }: Exclude<VgaReading, string>): VgaImage => {
  const common = commonest(cells.flat().map(({ background }) => background))
  return {
    columns: mode.columns,
    lines: cells.map((row) =>
      row
        .map(({ character }) => character)
        .join('')
        .trimEnd(),
    ),
    highlighted: [...cells.keys()].filter((row) =>
      cells[row]!.some(({ background }) => background !== common),
    ),
    cursor: mode.cursor,
    cells,
  }
}

const commonest = <T>(values: readonly T[]): T | undefined => {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}
