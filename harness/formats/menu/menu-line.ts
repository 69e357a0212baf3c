import type { CommandName } from './commands/table.ts'
import { assertArguments } from './writable.ts'

/** A command as a line of a menu, without its end. Empty arguments are left out. */
export const menuLine = (word: CommandName, ...words: readonly string[]): string => {
  const text = words.filter((it) => it !== '').join(' ')
  assertArguments(text)
  return text === '' ? word : `${word} ${text}`
}
