import type { Word } from '../span.ts'
import type { CommandStatement } from '../statement.ts'
import { parseNumber } from './number.ts'
import type { Reading } from './reading.ts'

/** MAX_FALLBACK_ENTRIES of stage2/shared.h; GRUB does not look at more. */
export const mostFallbacks = 8

/** What `default` says: an entry's number, or `saved`, the one that `savedefault` wrote down. */
export const parseDefault = ({ arguments: it }: CommandStatement): Reading<number | 'saved'> =>
  // Compared with the whole rest of the line: a trailing blank makes it a bad number.
  it.text === 'saved' ? { value: 'saved' } : plainNumber(it)

/** The seconds of `timeout`. */
export const parseTimeout = ({ arguments: it }: CommandStatement): Reading<number> =>
  plainNumber(it)

/** The entries that `fallback` tries, in turn, each once. */
export const parseFallback = ({ words }: CommandStatement): Reading<readonly number[]> => {
  const entries = new Set<number>()
  for (const word of words) {
    if (entries.size === mostFallbacks) break
    const entry = plainNumber(word)
    if (entry.problem) return entry
    entries.add(entry.value)
  }
  return { value: [...entries] }
}

/** What follows a number, such as `s` in `5s`, is not looked at. */
const plainNumber = (word: Word): Reading<number> => {
  const number = parseNumber(word)
  return number.problem ? number : { value: number.value.value }
}
