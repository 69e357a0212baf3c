import { readLogicalLine } from './logical-line.ts'
import { printMenu, type MenuFile } from './menu-file.ts'
import { parseMenu } from './parse.ts'
import type { CommandStatement, Statement } from './statement.ts'
import { assertArguments, assertLength, assertWord, menuError } from './writable.ts'

/** A command to be written: its word and, if any, its arguments. */
export interface NewCommand {
  readonly word: string
  readonly arguments?: string
}

/** A line of a menu and the text that takes its place. */
export interface LineChange {
  readonly statement: Statement
  /** With its line end. */
  readonly source: string
}

/** The menu with other arguments in one line; its indentation, separator and line end stay. */
export const replaceArguments = (
  file: MenuFile,
  statement: CommandStatement,
  text: string,
): MenuFile => changeLines(file, [withArguments(statement, text)])

/** The menu with another command word in one line; everything else of the line stays. */
export const replaceWord = (file: MenuFile, statement: CommandStatement, word: string): MenuFile =>
  changeLines(file, [withWord(statement, word)])

/**
 * Changes a command's arguments; indentation, separator and line end stay.
 *
 * @throws {BootstandError} when GRUB would not read the arguments as given.
 */
export const withArguments = (statement: CommandStatement, text: string): LineChange => {
  assertArguments(text)
  const { start, separator, line } = statement
  const before = statement.source.slice(0, statement.arguments.start - start)
  const gap = separator === '' && text !== '' ? ' ' : ''
  const source = before + gap + text + lineEnd(statement.source)
  assertReadable(source)
  const [read] = parseMenu(source).statements
  if (read?.kind === 'command' && read.arguments.text === text) return { statement, source }
  throw menuError(`Line ${line} has no command that could be given other arguments.`)
}

/**
 * Changes a command's word; everything else of the line stays.
 *
 * @throws {BootstandError} when GRUB would not read the word as given.
 */
export const withWord = (statement: CommandStatement, word: string): LineChange => {
  assertCommandWord(word)
  const { source, start } = statement
  const before = source.slice(0, statement.word.start - start)
  const changed = before + word + source.slice(statement.word.end - start)
  assertReadable(changed)
  return { statement, source: changed }
}

/**
 * Changes lines of a menu, all at once: each change of its own would read the whole menu again.
 *
 * @throws {BootstandError} when a line is not of this menu, or would be too long.
 */
export const changeLines = (file: MenuFile, changes: readonly LineChange[]): MenuFile => {
  const sources = file.statements.map((it) => it.source)
  for (const { statement, source } of changes) {
    if (file.statements[statement.index]?.source !== statement.source) {
      throw menuError(
        `Line ${statement.line} is not of this menu: it was changed since. Look the line up again.`,
      )
    }
    assertReadable(source)
    sources[statement.index] = source
  }
  return parseMenu(sources.join(''))
}

/** The menu with a line more, behind another one and written like it; at the top if behind nothing. */
export const insertAfter = (
  file: MenuFile,
  statement: Statement | undefined,
  { word, arguments: text = '' }: NewCommand,
): MenuFile => {
  assertCommandWord(word)
  assertArguments(text)
  const end = lineEndOf(file, statement)
  const line = indentOf(statement) + word + (text === '' ? '' : separatorOf(statement) + text)
  assertLength(line.trimStart())
  if (statement === undefined) return parseMenu(line + end + printMenu(file))
  const { source } = statement
  if (isEnded(source)) return withSource(file, statement, source + line + end)
  const ended = source.replace(/\r$/, '') + end
  if (isEnded(ended)) return withSource(file, statement, ended + line)
  throw menuError(
    `Line ${statement.line} ends in a backslash; GRUB Legacy would join a new line to it.`,
  )
}

/** The menu without one of its lines. */
export const removeStatement = (file: MenuFile, statement: Statement): MenuFile =>
  withSource(file, statement, '')

const assertCommandWord = (word: string): void => {
  assertWord('command word', word)
  if (/^#|=/.test(word)) throw menuError(`Expected a command word, found "${word}".`)
}

/** The carriage returns and the line feed that a line ends in. */
const lineEnd = (source: string): string => {
  let at = source.endsWith('\n') ? source.length - 1 : source.length
  while (source[at - 1] === '\r') at--
  return source.slice(at)
}

const lineEndOf = (file: MenuFile, statement: Statement | undefined): string => {
  const nearby = [statement, ...file.statements].map((it) => lineEnd(it?.source ?? ''))
  return nearby.find((end) => end.endsWith('\n')) ?? '\n'
}

const indentOf = (statement: Statement | undefined): string =>
  /^[ \t]*/.exec(statement?.source ?? '')![0]

const separatorOf = (statement: Statement | undefined): string => {
  if (statement?.kind !== 'command') return ' '
  const { source, start, word } = statement
  const separator = source.slice(word.end - start, statement.arguments.start - start)
  return /^[ \t=]+$/.test(separator) ? separator : ' '
}

/** Whether what follows is a line of its own. */
const isEnded = (source: string): boolean => readLogicalLine(`${source}x`, 0).end === source.length

const withSource = (file: MenuFile, statement: Statement, source: string): MenuFile =>
  changeLines(file, [{ statement, source }])

/** Rejects a line whose end GRUB would cut off. */
const assertReadable = (source: string): void => {
  const line = readLogicalLine(source, 0)
  if (line.cut === 'length') assertLength(source.slice(0, line.end).trim())
}
