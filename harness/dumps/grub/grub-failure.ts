import { commandsOf, type MenuEntry, type MenuFile } from '../../formats/menu/menu-file.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import { grubErrorOf } from './grub-errors.ts'

/** Why GRUB stopped, as far as it printed it. */
export interface GrubFailure {
  readonly number: number
  readonly text: string
  /** The command that failed, as GRUB echoed it. */
  readonly command: string | undefined
  /** The menu's line with that command, where the menu is known. */
  readonly line: number | undefined
}

const errorLine = /^Error (?<number>\d+): (?<text>.*)$/
const headingLine = / {2}Booting (?:'(?<title>.*)'|command-list)$/

/**
 * Reads GRUB's last error out of what it printed, and finds the line of the menu that caused it. GRUB
 * echoes each line of an entry before it obeys it.
 *
 * @param printed Plain lines, the newest one last.
 */
export const grubFailure = (
  printed: readonly string[],
  menu?: MenuFile,
): GrubFailure | undefined => {
  const at = printed.findLastIndex((line) => errorLine.test(line))
  const { number, text } = errorLine.exec(printed[at] ?? '')?.groups ?? {}
  if (number === undefined || text === undefined) return undefined
  const heading = printed.findLastIndex((line, index) => index < at && headingLine.test(line))
  const title = headingLine.exec(printed[heading] ?? '')?.groups?.['title']
  const echoed = printed.slice(heading + 1, at).filter((line) => /^[^ ]/.test(line))
  const entry = menu?.entries.find((it) => title !== undefined && it.title.trim() === title.trim())
  const command = entry === undefined ? undefined : lastObeyed(entry, echoed)
  return {
    number: Number(number),
    text,
    command: heading === -1 ? undefined : (command?.source.trim() ?? echoed.at(-1)),
    line: command?.line,
  }
}

/** Columns of GRUB's terminal; a longer echo goes on in the next line. */
const columns = 79

const lastObeyed = (
  { statements }: MenuEntry,
  echoed: readonly string[],
): CommandStatement | undefined => {
  const left = commandsOf(statements)
  let last: CommandStatement | undefined
  for (const line of echoed) {
    const found = left.findIndex((command) => isEchoOf(line, command))
    if (found === -1) continue
    last = left[found]
    left.splice(0, found + 1)
  }
  return last
}

const isEchoOf = (line: string, { word, separator, arguments: rest }: CommandStatement): boolean =>
  `${word.text}${separator}${rest.text}`.slice(0, columns).trimEnd() === line.trimEnd()

/** The failure in one clause, such as a verdict's summary. */
export const describeGrubFailure = ({ number, text, command, line }: GrubFailure): string => {
  const place =
    line === undefined ? command && `at "${command}"` : `at line ${line} of the menu, "${command}"`
  const meaning = grubErrorOf(number)?.meaning
  return [
    `GRUB stopped with error ${number} ${[`(${text})`, place].filter(Boolean).join(' ')}`,
    meaning,
  ]
    .filter(Boolean)
    .join(': ')
}
