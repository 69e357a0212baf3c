import { partOf, type Word } from '../span.ts'
import { parseNumber } from './number.ts'
import { grubErrors, malformed, type Reading } from './reading.ts'

/** Sectors of a device that are read as if they were a file. */
export interface Blocklist {
  readonly ranges: readonly BlockRange[]
  /** Bytes of the file, if a last number cuts it. */
  readonly bytes?: number
}

/** `start+count`, in sectors; a missing start is 0. */
interface BlockRange {
  readonly start: number
  readonly count: number
}

const sectorSize = 512

/** A list such as `0+1,5+2` or `+1`, without its device, as grub_open of stage2/disk_io.c reads it. */
export const parseBlocklist = (word: Word): Reading<Blocklist> => {
  const ranges: BlockRange[] = []
  let rest = word
  for (;;) {
    const start = numberOr0(rest)
    if (!start.rest.text.startsWith('+')) return sized(ranges, start, word)
    const count = numberOr0(partOf(start.rest, 1))
    if (count.value === 0 || !/^(?:[,/]|$)/.test(count.rest.text)) {
      return bad(start.rest, `"${start.rest.text}" does not begin with + and a number of sectors`)
    }
    ranges.push({ start: start.value, count: count.value })
    if (!count.rest.text.startsWith(',')) return { value: { ranges } }
    rest = partOf(count.rest, 1)
  }
}

const numberOr0 = (word: Word): { readonly value: number; readonly rest: Word } =>
  parseNumber(word).value ?? { value: 0, rest: word }

const sized = (
  ranges: readonly BlockRange[],
  { value: bytes, rest }: { readonly value: number; readonly rest: Word },
  word: Word,
): Reading<Blocklist> => {
  const most = ranges.reduce((sum, { count }) => sum + count * sectorSize, 0)
  if (bytes > 0 && bytes <= most && /^(?:\/|$)/.test(rest.text)) return { value: { ranges, bytes } }
  return bad(word, `found "${word.text}"`)
}

const bad = (word: Word, found: string) =>
  malformed(
    word,
    grubErrors.badFileName,
    `Expected a path that begins with / or a block list such as 0+1,5+2, but ${found}.`,
  )
