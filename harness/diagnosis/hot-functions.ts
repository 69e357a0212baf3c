import type { ExecutedInstruction } from '../formats/execution-log.ts'
import type { HotFunction } from '../run-folder/hot-file.ts'
import type { AddressMap } from './address-map.ts'

export type { HotFunction } from '../run-folder/hot-file.ts'

/** What a routine executed before and after a change. */
export interface HotChange {
  readonly image: string
  readonly function: string
  /** Instructions; 0 where it was not executed. */
  readonly before: number
  readonly after: number
  /** How often its first instruction was executed after the change. */
  readonly calls: number
}

/** Gathers executed instructions by routine, the one with the most first. */
export const hotFunctions = (
  executed: readonly ExecutedInstruction[],
  map: AddressMap,
): HotFunction[] => {
  const found = new Map<string, HotFunction>()
  for (const { address, ring, count } of executed) {
    const [place] = map.find(address, ring)
    const { image = '', symbol = '', offset } = place ?? {}
    const key = `${image} ${symbol}`
    const { instructions, calls } = found.get(key) ?? { instructions: 0, calls: 0 }
    found.set(key, {
      ...{ image, function: symbol, instructions: instructions + count },
      calls: calls + (offset === 0 ? count : 0),
    })
  }
  return [...found.values()]
    .filter((it) => it.instructions > 0)
    .toSorted((a, b) => b.instructions - a.instructions)
}

/** The routines of which more or fewer instructions were executed, the one that changed most first. */
export const compareHot = (
  before: readonly HotFunction[],
  after: readonly HotFunction[],
): HotChange[] => {
  const isSame = (a: HotFunction) => (b: HotFunction) =>
    a.image === b.image && a.function === b.function
  const gone = before.filter((it) => !after.some(isSame(it)))
  const changes = [
    ...gone.map((it) => ({ ...nameOf(it), before: it.instructions, after: 0, calls: 0 })),
    ...after.map((it) => ({
      ...nameOf(it),
      before: before.find(isSame(it))?.instructions ?? 0,
      after: it.instructions,
      calls: it.calls,
    })),
  ]
  return changes
    .filter((it) => it.before !== it.after)
    .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
}

const nameOf = ({ image, function: name }: HotFunction) => ({ image, function: name })
