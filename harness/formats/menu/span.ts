/** A stretch of a menu's text. */
export interface Span {
  /** Offsets of the first character and behind the last. */
  readonly start: number
  readonly end: number
  /** Where the first character stands; both count from 1. */
  readonly line: number
  readonly column: number
}

/** Text as GRUB reads it, and where it stands in the file. */
export interface Word extends Span {
  /** Without carriage returns, tabs made blanks, continued lines joined. */
  readonly text: string
}

/** A part of a word, such as a number in a device name. */
export const partOf = (word: Word, from: number, to = word.text.length): Word => {
  const start = Math.min(word.start + from, word.end)
  return {
    text: word.text.slice(from, to),
    start,
    end: Math.min(word.start + to, word.end),
    line: word.line,
    column: word.column + (start - word.start),
  }
}

/** A word that stands in no file. */
export const looseWord = (text: string): Word => ({
  text,
  start: 0,
  end: text.length,
  line: 1,
  column: 1,
})
