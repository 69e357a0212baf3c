import type { TracedInstruction } from '../formats/execution-log.ts'
import type { Place } from './address-map.ts'

/** A guest in one routine, until it came to another. */
export interface Stay {
  /** How many instructions had run since power-on when it came there. */
  readonly instruction: number
  /** Instructions. */
  readonly count: number
  /** How often it came there, in a loop through several routines. */
  readonly times: number
  /** Where it came in first, in hexadecimal; of several places when it is not certain which. */
  readonly address: string
  readonly places: readonly Place[]
}

interface NamedStay extends Stay {
  readonly routine: string
}

/** Routines in the longest loop that is written once. */
const longestLoop = 8

/** What stands for a routine where no file names any: 4 KiB of memory. */
const pageOf = (digits: string): string => digits.slice(0, -3)

/**
 * The routines through which a guest came.
 *
 * @param executed Each instruction, in order.
 * @param end How many instructions have run after the last of them.
 */
export const staysIn = (
  executed: readonly TracedInstruction[],
  end: number,
  find: (address: number, ring: number) => readonly Place[],
): Stay[] => {
  const known = new Map<string, readonly Place[]>()
  const starts: Omit<NamedStay, 'count'>[] = []
  for (const [index, { address, digits, ring }] of executed.entries()) {
    const key = `${digits} ${ring}`
    const places = known.get(key) ?? find(address, ring)
    known.set(key, places)
    const isNamed = places.some(({ symbol }) => symbol !== undefined)
    const names = isNamed
      ? places.map(({ image, symbol }) => `${image} ${symbol}`)
      : [pageOf(digits)]
    const routine = [ring, ...names].join(' ')
    if (starts.at(-1)?.routine === routine) continue
    const instruction = end - executed.length + index
    starts.push({ instruction, times: 1, address: digits.replace(/^0+(?=.)/, ''), places, routine })
  }
  const folded: NamedStay[] = []
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1]?.instruction ?? end
    folded.push({ ...start, count: next - start.instruction })
    foldLoop(folded)
  }
  return folded.map(({ routine: _, ...stay }) => stay)
}

/** Joins the last stays with those before them if they are the same routines in the same order. */
const foldLoop = (stays: NamedStay[]): void => {
  for (let length = 1; length <= longestLoop; length++) {
    const [before, last] = [stays.slice(-2 * length, -length), stays.slice(-length)]
    if (before.length < length) return
    if (before.some(({ routine }, index) => routine !== last[index]!.routine)) continue
    const joined = before.map((stay, index) => {
      const { count, times } = last[index]!
      return { ...stay, count: stay.count + count, times: stay.times + times }
    })
    stays.splice(-2 * length, 2 * length, ...joined)
    return
  }
}
