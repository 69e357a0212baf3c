import { partOf, type Word } from '../span.ts'
import { grubErrors, malformed, type Reading } from './reading.ts'

/** A number at the beginning of a word. */
export interface MenuNumber {
  readonly value: number
  readonly isHexadecimal: boolean
  /** What follows it; most commands ignore this. */
  readonly rest: Word
}

const largest = 0x7fff_ffff

/** A decimal number, or a hexadecimal one behind `0x`, as safe_parse_maxint of stage2/char_io.c reads it. */
export const parseNumber = (word: Word): Reading<MenuNumber> => {
  const [whole, digits] = /^(?:0x([0-9a-f]*)|[0-9]*)/i.exec(word.text)!
  if (digits === '' || whole === '') {
    return malformed(
      word,
      grubErrors.number,
      `Expected a number, decimal or hexadecimal as 0x…, found "${word.text}".`,
    )
  }
  const value = Number(whole)
  if (value > largest) {
    return malformed(
      partOf(word, 0, whole.length),
      grubErrors.overflow,
      `Expected a number up to ${largest}, found ${whole}.`,
    )
  }
  const isHexadecimal = digits !== undefined
  return { value: { value, isHexadecimal, rest: partOf(word, whole.length) } }
}
