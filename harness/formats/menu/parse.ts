import { commandNamed } from './commands/table.ts'
import { readLogicalLine, type LogicalLine } from './logical-line.ts'
import { menuFileOf, type MenuFile } from './menu-file.ts'
import type { Span, Word } from './span.ts'
import type { CommandStatement, Statement } from './statement.ts'

/**
 * Reads a menu as GRUB Legacy 0.97 does. Takes any text; bytes should be decoded as latin1.
 *
 * @example
 * const file = parseMenu('title L4\nkernel /kickstart\n')
 * file.entries[0].title // 'L4'
 */
export const parseMenu = (text: string): MenuFile => {
  const statements: Statement[] = []
  let line = 1
  for (let start = 0; start < text.length;) {
    const read = readLogicalLine(text, start)
    const source = text.slice(start, read.end)
    const newlines = newlinesOf(source)
    const { end, kind } = read
    const place = { index: statements.length, source, start, end, line, column: 1 }
    if (kind === 'command') {
      statements.push({ ...place, ...commandParts(read, locator(place, newlines)) })
    } else statements.push({ kind, ...place })
    line += newlines.length
    start = read.end
  }
  return menuFileOf(statements)
}

const newlinesOf = (text: string): readonly number[] => {
  const offsets: number[] = []
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) offsets.push(at)
  return offsets
}

/** Where in the file an offset of a statement is. */
type Locate = (offset: number) => Pick<Span, 'line' | 'column'>

const locator =
  ({ start, line }: Span, newlines: readonly number[]): Locate =>
  (offset) => {
    const at = offset - start
    const before = countBelow(newlines, at)
    return { line: line + before, column: at - (newlines[before - 1] ?? -1) }
  }

/** Returns how many of some ascending numbers are below a limit. */
const countBelow = (numbers: readonly number[], limit: number): number => {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

type CommandParts = Pick<
  CommandStatement,
  'kind' | 'word' | 'name' | 'separator' | 'arguments' | 'words' | 'cut'
>

/** Splits as find_command and skip_to of stage2/cmdline.c do. */
const commandParts = (read: LogicalLine, locate: Locate): CommandParts => {
  const { text, cut } = read
  const [, word, separator] = /^([^ =]*)([ =]*)/.exec(text)!
  const argumentsAt = word!.length + separator!.length
  const wordAt = (from: number, to: number): Word => {
    const start =
      from < to ? read.offsetOf(from) : from > 0 ? read.offsetOf(from - 1) + 1 : undefined
    const first = start ?? read.offsetOf(0)
    const end = from < to ? read.offsetOf(to - 1) + 1 : first
    return { text: text.slice(from, to), start: first, end, ...locate(first) }
  }
  return {
    kind: 'command',
    word: wordAt(0, word!.length),
    name: commandNamed(word!)?.name,
    separator: separator!,
    arguments: wordAt(argumentsAt, text.length),
    words: [...text.slice(argumentsAt).matchAll(/[^ ]+/g)].map((match) => {
      const from = argumentsAt + match.index
      return wordAt(from, from + match[0].length)
    }),
    cut,
  }
}
