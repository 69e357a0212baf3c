import { hex, type Hex } from '../hex.ts'
import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

type JdbWord = Hex | '-1' | null

/** A row of memory, 32 bytes in 32-bit words. */
export interface JdbMemoryRow {
  readonly address: Hex
  /**
   * As numbers, in jdb's own form: `0x0` and `-1` where no bit and where each is set. Null where no memory is
   * mapped, and for a device's memory, which jdb does not read.
   */
  readonly words: readonly JdbWord[]
}

/** A screen of memory, as jdb's `d` shows it. */
export interface JdbMemory extends Told {
  readonly system: 'fiasco'
  readonly kind: 'memory'
  readonly rows: readonly JdbMemoryRow[]
}

const wordsOfRow = 8

const word = '(?:[0-9a-f]{8}| {7}0| {6}-1|-{8}|~{8})'
const row = new RegExp(
  `^(?<address>[0-9a-f]{8}):(?<words>${word}(?: ${word}){${wordsOfRow - 1}}) *$`,
)

export const readJdbMemory: DumpReader<JdbMemory> = (lines, at) => {
  const rows: JdbMemoryRow[] = []
  for (let next = at; next < lines.length; next += 1) {
    const found = match<'address' | 'words'>(row, lines[next]?.text)
    if (found === undefined) break
    rows.push({ address: hex(found.address), words: wordsIn(found.words) })
  }
  const [first] = rows
  if (first === undefined) return undefined
  const unmapped = rows.every(({ words }) => words.every((it) => it === null))
  return {
    dump: {
      system: 'fiasco',
      kind: 'memory',
      stop: false,
      summary: `memory in the lines of ${first.address} to ${rows.at(-1)!.address}${unmapped ? ': nothing is mapped' : ''}`,
      rows,
    },
    end: at + rows.length,
  }
}

const wordsIn = (text: string): readonly JdbWord[] =>
  Array.from({ length: wordsOfRow }, (_, index) => {
    const shown = text.slice(index * 9, index * 9 + 8).trim()
    if (/^[-~]{8}$/.test(shown)) return null
    return shown === '-1' ? '-1' : hex(shown)
  })
