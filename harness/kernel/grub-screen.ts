import type { ScreenImage } from '../console/screen-image.ts'

/** A list that GRUB Legacy shows: its menu, or the lines of an entry that is edited. */
export interface GrubList {
  readonly kind: 'menu' | 'editor'
  /** The rows that are visible, without blanks at their ends. */
  readonly rows: readonly string[]
  /** Index of the highlighted row among these. */
  readonly highlighted: number
  /** Whether there are rows above or below that are not visible. */
  readonly goesOn: { readonly up: boolean; readonly down: boolean }
}

/** The most bytes that GRUB prints to draw a list anew. */
export const longestDrawing = 16_384

/**
 * Reads the list that a screen shows, drawn with cursor moves or, after `--dumb`, printed line by line.
 *
 * @param printed The end of what made the screen, `longestDrawing` bytes of it: it shows whether GRUB has finished drawing,
 *   which no silence does where QEMU waits for a processor.
 * @returns Nothing where no list is complete.
 */
export const readGrubList = (image: ScreenImage, printed: string): GrubList | undefined => {
  const kind = kindOf(image.lines)
  if (kind === undefined) return undefined
  return drawnList(kind, image, printed) ?? printedList(kind, image.lines, printed)
}

/** Told by the help below the list; the newest one on a screen that scrolls counts. */
const kindOf = (lines: readonly string[]): GrubList['kind'] | undefined => {
  const menu = lines.findLastIndex((line) => line.startsWith('    Press enter to boot'))
  const editor = lines.findLastIndex((line) => line.startsWith("    Press 'b' to boot"))
  if (menu === editor) return undefined
  return menu > editor ? 'menu' : 'editor'
}

/** Columns of the box, counted from 0: its left edge, its right edge, and the scroll marks behind it. */
const box = { left: 1, right: 75, marks: 76 } as const

const drawnList = (
  kind: GrubList['kind'],
  { lines, highlighted }: ScreenImage,
  printed: string,
): GrubList | undefined => {
  const edges = [...lines.keys()].filter((row) => /^ \+-{70,}\+$/.test(lines[row]!))
  const [top, bottom] = edges
  if (top === undefined || bottom === undefined) return undefined
  const inside = lines.slice(top + 1, bottom)
  const chosen = highlighted.find((row) => row > top && row < bottom)
  if (chosen === undefined || !isDrawn(printed, { top, bottom, chosen })) return undefined
  const rows = inside.map((line) => line.slice(box.left + 1, box.right).trim())
  const mark = (row: number) => (lines[row] ?? '').slice(box.marks).trim() !== ''
  return {
    kind,
    rows: rows.slice(0, 1 + rows.findLastIndex((row) => row !== '')),
    highlighted: chosen - top - 1,
    goesOn: { up: mark(top + 1), down: mark(bottom - 1) },
  }
}

/**
 * Whether GRUB has finished: it then moves the cursor to the end of the highlighted row. While it draws all rows, it does so
 * after each one, between the scroll mark at the top and the one at the bottom. (GRUB 0.97, `print_entries` of cmain.c.)
 */
const isDrawn = (
  printed: string,
  { top, bottom, chosen }: Readonly<Record<'top' | 'bottom' | 'chosen', number>>,
): boolean => {
  const row = /\x1b\[(?<row>\d+);75H(?:\x1b\[[\d;]*m)*$/.exec(printed)?.groups?.['row']
  const markOf = (line: number) => printed.lastIndexOf(`\x1b[${line + 1};${box.marks + 2}H`)
  return Number(row) === chosen + 1 && markOf(bottom - 1) >= markOf(top + 1)
}

const printedList = (
  kind: GrubList['kind'],
  lines: readonly string[],
  printed: string,
): GrubList | undefined => {
  const bottom = lines.findLastIndex((line) => /^-{60,}$/.test(line))
  const chosen = choice.exec(printed)?.groups
  const top = lines.findLastIndex((line, row) => row < bottom && /^-{60,}$/.test(line))
  if (bottom === -1 || chosen === undefined) return undefined
  const rows = lines.slice(top + 1, bottom).map((line) => /^ *(\d+): (.*)$/.exec(line))
  const first = Number(rows[0]?.[1] ?? 0)
  return {
    kind,
    rows: rows.map((row) => row?.[2]?.trim() ?? ''),
    highlighted: Number(chosen['moved'] ?? chosen['first'] ?? chosen['timed']) - first,
    goesOn: { up: first > 0, down: false },
  }
}

/** What is printed last. While the timeout runs and no key has come, only the last form is. */
const choice =
  /(?:\r {4}Highlighted entry is (?<moved>\d+): |\nThe selected entry is (?<first>\d+) |\r {4}Entry (?<timed>\d+) will be booted automatically in \d+ seconds\. *)$/
