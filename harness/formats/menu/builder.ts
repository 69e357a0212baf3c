import {
  serialWords,
  terminalWords,
  type SerialOptions,
  type TerminalOptions,
} from './builder-options.ts'
import { entry, type EntryBuilder } from './entry-builder.ts'
import { longestMenuLine } from './logical-line.ts'
import { menuLine } from './menu-line.ts'
import { mostFallbacks } from './pieces/selection.ts'
import { assertLength, assertWritable, menuError } from './writable.ts'

/** A menu that is being written. Nothing changes: each method returns a menu with a line more. */
export interface MenuBuilder {
  readonly serial: (options: SerialOptions) => MenuBuilder
  readonly terminal: (options: TerminalOptions) => MenuBuilder
  /** The entry that boots when nobody picks one, counted from 0; `saved` if one was saved. */
  readonly default: (entry: number | 'saved') => MenuBuilder
  /** Entries to try, in turn, when the picked one fails. */
  readonly fallback: (...entries: readonly number[]) => MenuBuilder
  /** Seconds until the default entry boots. */
  readonly timeout: (seconds: number) => MenuBuilder
  readonly hiddenMenu: () => MenuBuilder
  /** Protects the menu's editor and entries with `lock`. */
  readonly password: (password: string, options?: { readonly md5?: boolean }) => MenuBuilder
  /** A line that GRUB does not read. */
  readonly comment: (text: string) => MenuBuilder
  /** An entry, in the menu's order. */
  readonly entry: (title: string, build: (entry: EntryBuilder) => EntryBuilder) => MenuBuilder
  /** The text of the `menu.lst`. */
  readonly print: () => string
}

/** What a menu may hold. */
export interface MenuLimits {
  /** Characters of a line; GRUB Legacy's own limit by default. */
  readonly longestLine?: number
}

/**
 * Begins a menu for GRUB Legacy. What GRUB would read in another way than it is written throws.
 *
 * @example
 * menu()
 *   .timeout(0)
 *   .entry('L4', (entry) => entry.root('(cd)').kernel('/kickstart').module('/ia32-kernel'))
 *   .print()
 */
export const menu = ({ longestLine = longestMenuLine }: MenuLimits = {}): MenuBuilder =>
  builder([], longestLine)

const builder = (lines: readonly string[], longest: number): MenuBuilder => {
  const add = (...more: readonly string[]) => {
    for (const line of more) assertLength(line, longest)
    return builder([...lines, ...more], longest)
  }
  return {
    serial: (options) => add(menuLine('serial', ...serialWords(options))),
    terminal: (options) => add(menuLine('terminal', ...terminalWords(options))),
    default: (it) => add(menuLine('default', it === 'saved' ? it : whole('default', it))),
    fallback: (...entries) => add(menuLine('fallback', ...fallbacks(entries))),
    timeout: (seconds) => add(menuLine('timeout', whole('timeout', seconds))),
    hiddenMenu: () => add('hiddenmenu'),
    password: (password, { md5 = false } = {}) =>
      add(menuLine('password', ...(md5 ? ['--md5'] : []), password)),
    comment: (text) => {
      assertWritable('comment', text)
      return add(`# ${text}`)
    },
    entry: (title, build) => add(...(lines.length > 0 ? [''] : []), ...entryLines(title, build)),
    print: () => lines.map((line) => `${line}\n`).join(''),
  }
}

const entryLines = (title: string, build: (entry: EntryBuilder) => EntryBuilder): string[] => {
  if (title.trim() === '') throw menuError('Expected a title, found blanks; nobody could pick it.')
  const { lines } = build(entry)
  if (lines.length > 0) return [menuLine('title', title), ...lines]
  throw menuError(`The entry "${title}" has no command; GRUB Legacy would leave it out.`)
}

const fallbacks = (entries: readonly number[]): string[] => {
  if (entries.length === 0 || entries.length > mostFallbacks) {
    throw menuError(`Expected 1 to ${mostFallbacks} fallback entries, found ${entries.length}.`)
  }
  return entries.map((it) => whole('fallback', it))
}

const whole = (command: string, value: number): string => {
  if (Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff) return String(value)
  throw menuError(`Expected a whole number from 0 behind "${command}", found ${value}.`)
}
