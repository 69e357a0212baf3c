/** A source of numbers that repeats itself for the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 up to, not including, a limit. */
  readonly below: (limit: number) => number
  readonly pick: <T>(choices: readonly T[]) => T
}

export const randomOf = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, pick: (choices) => choices[below(choices.length)]! }
}

/** Mixes numbers and a name into one seed (FNV-1a). */
export const mixedSeed = (...parts: readonly (number | string)[]): number => {
  let hash = 0x811c_9dc5
  for (const character of parts.join('/')) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x0100_0193) >>> 0
  }
  return hash
}
