import type { Lines } from './lines.ts'

/** What every dump tells beside its own data. */
export interface Told {
  /** Whether the guest stopped or something in it failed; otherwise a debugger showed what it was asked for. */
  readonly stop: boolean
  /** The dump in one clause, for a person. */
  readonly summary: string
}

/** A dump that was read. Lines count from 0. */
export interface Reading<D> {
  readonly dump: D
  /** Where it begins, if not at the line that it was recognised by. */
  readonly first?: number
  /** The line behind it. */
  readonly end: number
}

/**
 * Reads the dump that shows itself at line `at`, if one does. Never throws. What the text does not say
 * is absent from the data, and what is computed from the text stands in a field `decoded`.
 */
export type DumpReader<D> = (lines: Lines, at: number) => Reading<D> | undefined
