import { BootstandError } from '../../core/errors.ts'
import { longestMenuLine } from './logical-line.ts'

/** A menu that cannot be written or changed as asked. */
export const menuError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_MENU', 'bootset', message)

const shown = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

/**
 * Refuses what GRUB would not read as it is written.
 *
 * @param what The text's part in the menu, for the message.
 */
export const assertWritable = (what: string, text: string): void => {
  const character = /[\n\r\t\0]/.exec(text)?.[0]
  if (character !== undefined) {
    throw menuError(
      `Expected ${what} on one line of a menu, found ${shown(character)} in ${shown(text)}; GRUB Legacy would not read it so.`,
    )
  }
  if (text.endsWith('\\')) {
    throw menuError(
      `The ${what} ${shown(text)} ends in a backslash; GRUB Legacy would join the next line to it.`,
    )
  }
}

/** Refuses arguments whose beginning GRUB would take for the separator. */
export const assertArguments = (text: string): void => {
  assertWritable('arguments', text)
  if (!/^[ =]/.test(text)) return
  throw menuError(
    `The arguments ${shown(text)} begin with a blank or "="; GRUB Legacy would drop it.`,
  )
}

/** Refuses a text that is not a single word. */
export const assertWord = (what: string, text: string): void => {
  assertWritable(what, text)
  if (text !== '' && !text.includes(' ')) return
  throw menuError(
    `Expected ${what} of one word, found ${shown(text)}; GRUB Legacy splits at blanks.`,
  )
}

/** Refuses a line that GRUB would cut without a word. */
export const assertLength = (line: string, longest = longestMenuLine): void => {
  if (line.length <= longest) return
  throw menuError(
    `The menu line ${shown(line)} has ${line.length} characters; GRUB Legacy reads ${longest}. Shorten its arguments.`,
  )
}
