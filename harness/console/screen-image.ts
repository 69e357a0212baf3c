import { search, type Pattern } from './wait.ts'

/** What a text screen shows at one moment. Rows and columns count from 0. */
export interface ScreenImage {
  readonly columns: number
  /** One a row, without the blanks at its end. */
  readonly lines: readonly string[]
  /** Rows with something in inverse video, such as a menu's selected entry. */
  readonly highlighted: readonly number[]
  /** Missing when it is hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | undefined
}

/** Where on a screen an awaited text stands. */
export interface ScreenMatch {
  /** The matched characters. */
  readonly text: string
  /** The whole row, without the blanks at its end. */
  readonly line: string
  /** The pattern's named groups. */
  readonly groups: Readonly<Record<string, string>>
  /** Counted from 0. */
  readonly row: number
}

/** The rows as one text, without the blanks at their ends and the empty rows at the bottom. */
export const textOf = ({ lines }: ScreenImage): string => lines.join('\n').trimEnd()

/** Whether there is nothing to be seen. */
export const isBlank = ({ lines, highlighted }: ScreenImage): boolean =>
  highlighted.length === 0 && lines.every((line) => line === '')

/**
 * The first row that a usable pattern matches.
 *
 * @param quiet Whether nothing has come for a moment. Until then a RegExp passes over the cursor's row,
 *   which may still grow: it must not match the first half of a word.
 */
export const findOnScreen = (
  { lines, columns, cursor }: ScreenImage,
  pattern: Pattern,
  quiet: boolean,
): ScreenMatch | undefined => {
  for (const [row, line] of lines.entries()) {
    if (typeof pattern !== 'string' && !quiet && row === cursor?.row) continue
    // A prompt such as `jdb: ` ends in a blank, which nothing tells from the empty rest of the row.
    const text = typeof pattern === 'string' ? line.padEnd(columns) : line
    const found = search(text, pattern, 0)
    if (found !== undefined) return { text: found.text, line, groups: found.groups, row }
  }
  return undefined
}

/** A screen in a box, for a person; `▶` stands beside what is highlighted. */
export const boxed = ({ lines, highlighted }: ScreenImage): string[] => {
  const width = Math.max(...lines.map((line) => line.length))
  const height =
    1 +
    Math.max(
      lines.findLastIndex((line) => line !== ''),
      ...highlighted,
    )
  const rows = lines
    .slice(0, height)
    .map((line, row) => `${highlighted.includes(row) ? '▶' : ' '} │${line.padEnd(width)}│`)
  const edge = '─'.repeat(width)
  return [`  ┌${edge}┐`, ...rows, `  └${edge}┘`]
}
