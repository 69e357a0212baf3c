import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readVerdictIfIntact } from '../run-folder/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { isWantedOutcome } from '../core/outcome.ts'
import { namesIn, runsFolder } from '../host/run-folder.ts'

/** Finds the boot that one is to be compared with. */
export type FindEarlier = (verdict: Verdict) => Verdict | undefined

/**
 * The newest boot that was of the same test, booted alike, and came to the end that was wanted.
 *
 * @param before When this run began, ISO 8601, UTC: a test may boot several times.
 */
export const lastGoodRun =
  (before: string): FindEarlier =>
  (verdict) => {
    const parent = runsFolder()
    // Names begin with the time, in whole seconds.
    const names = namesIn(parent).toSorted().toReversed()
    for (const name of names) {
      const earlier = readVerdictIfIntact(path.join(parent, name))
      if (earlier === undefined || earlier.startedAt >= before) continue
      if (isWantedOutcome(earlier.outcome) && isAlike(earlier, verdict)) return earlier
    }
    return undefined
  }

/** A boot that the user has named, for those boots that are of the same test. */
export const thatRun =
  (earlier: Verdict): FindEarlier =>
  (verdict) =>
    earlier.scenario === verdict.scenario && earlier.test === verdict.test ? earlier : undefined

const isAlike = (one: Verdict, other: Verdict): boolean =>
  (['scenario', 'test', 'method', 'board', 'guests'] as const).every(
    (key) => one[key] === other[key],
  ) &&
  // Another clock, or a log of all code, makes other times.
  (['machine', 'profile', 'logged', 'consoles'] as const).every((key) =>
    isDeepStrictEqual(kept(one[key]), kept(other[key])),
  )

/** A value as a file keeps it: fields without one are gone. */
const kept = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))
