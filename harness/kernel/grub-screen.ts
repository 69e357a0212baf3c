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

/** Reads the list that a settled screen shows, drawn with cursor moves or, after `--dumb`, printed line by line. */
export const readGrubList = (image: ScreenImage): GrubList | undefined => {
  const kind = kindOf(image.lines)
  return kind === undefined ? undefined : (drawnList(kind, image) ?? printedList(kind, image.lines))
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
): GrubList | undefined => {
  const edges = [...lines.keys()].filter((row) => /^ \+-{70,}\+$/.test(lines[row]!))
  const [top, bottom] = edges
  if (top === undefined || bottom === undefined) return undefined
  const inside = lines.slice(top + 1, bottom)
  const chosen = highlighted.find((row) => row > top && row < bottom)
  if (chosen === undefined) return undefined
  const rows = inside.map((line) => line.slice(box.left + 1, box.right).trim())
  const mark = (row: number) => (lines[row] ?? '').slice(box.marks).trim() !== ''
  return {
    kind,
    rows: rows.slice(0, 1 + rows.findLastIndex((row) => row !== '')),
    highlighted: chosen - top - 1,
    goesOn: { up: mark(top + 1), down: mark(bottom - 1) },
  }
}

const printedList = (kind: GrubList['kind'], lines: readonly string[]): GrubList | undefined => {
  const bottom = lines.findLastIndex((line) => /^-{60,}$/.test(line))
  const chosen = lines.findLast((line) => choice.test(line))
  const top = lines.findLastIndex((line, row) => row < bottom && /^-{60,}$/.test(line))
  if (bottom === -1 || chosen === undefined) return undefined
  const rows = lines.slice(top + 1, bottom).map((line) => /^ *(\d+): (.*)$/.exec(line))
  const first = Number(rows[0]?.[1] ?? 0)
  return {
    kind,
    rows: rows.map((row) => row?.[2]?.trim() ?? ''),
    highlighted: Number(choice.exec(chosen)![1]) - first,
    goesOn: { up: first > 0, down: false },
  }
}

/** While the timeout runs and no key has come, only the last form is printed. */
const choice = /(?:(?:Highlighted|selected) entry is|Entry) (\d+)(?!.*entry is)/
