import type { Outcome } from '../core/outcome.ts'
import type { CrashReport } from '../diagnosis/crash-report.ts'
import { explainLog } from './explain-log.ts'
import type { RunInput } from './run-input.ts'

/** What went wrong in a run, as far as it can be known again in another one. */
export type Failure =
  /** The first stop that its consoles show. */
  | { readonly kind: 'crash'; readonly crash: CrashReport }
  /** It ended without a word, in this phase. */
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly phase: string }
  /** It hangs in these routines: `rt-spin, main`. */
  | { readonly kind: 'hang'; readonly outcome: Outcome; readonly routines: readonly string[] }

const ends: ReadonlySet<Outcome> = new Set(['triple-fault', 'reset', 'shutdown', 'crashed'])
const hangs: ReadonlySet<Outcome> = new Set(['spinning', 'halted'])

/** What went wrong in a run; nothing where nothing did, or where it could not be told from something else. */
export const failureOf = async ({
  verdict,
  logs,
  booted,
}: RunInput): Promise<Failure | undefined> => {
  for (const log of logs) {
    const { crashes } = await explainLog(log, booted)
    // A hanging guest is broken into only to be asked.
    const crash = crashes.find((it) => it.kind !== 'break-in')
    if (crash !== undefined) return { kind: 'crash', crash }
  }
  if (verdict === undefined) return undefined
  const { outcome, phases, evidence } = verdict
  if (ends.has(outcome)) return { kind: 'end', outcome, phase: phases.at(-1)?.name ?? 'none' }
  const { samples = 0, places = [] } = evidence ?? {}
  // On a busy host a timer's interrupt is met more often.
  const routines = places
    .filter((it) => it.samples >= samples / 4)
    .flatMap((it) => it.places.map(withoutOffset))
  if (!hangs.has(outcome) || routines.length === 0) return undefined
  return { kind: 'hang', outcome, routines: [...new Set(routines)] }
}

const withoutOffset = (place: string): string => place.replace(/\+0x[0-9a-f]+$/, '')

/**
 * Whether a run went wrong in the same way as another one. Where several files may lie at the place of the first crash, that
 * of the second may be certain: it has booted fewer files.
 */
export const isSameFailure = (one: Failure, other: Failure | undefined): boolean => {
  if (one.kind === 'crash' && other?.kind === 'crash') {
    const [before, after] = [placesOf(one.crash), placesOf(other.crash)]
    const isNarrower = after.length > 0 && after.every((it) => before.includes(it))
    const isSame = one.crash.identity === other.crash.identity
    return isSame || (isNarrower && isAlike(one.crash, other.crash))
  }
  if (one.kind === 'end' && other?.kind === 'end')
    return one.outcome === other.outcome && one.phase === other.phase
  if (one.kind === 'hang' && other?.kind === 'hang')
    return one.outcome === other.outcome && one.routines.some((it) => other.routines.includes(it))
  return false
}

/** Whether they may have, where one of them does not tell the place: nobody asked its debugger. */
export const maybeSameFailure = (one: Failure, other: Failure | undefined): boolean => {
  if (isSameFailure(one, other)) return true
  if (one.kind !== 'crash' || other?.kind !== 'crash') return false
  const isUntold = one.crash.where === undefined || other.crash.where === undefined
  return isUntold && isAlike(one.crash, other.crash)
}

const isAlike = (one: CrashReport, other: CrashReport): boolean =>
  one.system === other.system && one.kind === other.kind && one.reason === other.reason

const placesOf = ({ where, noticed }: CrashReport): readonly string[] =>
  ((where ?? noticed)?.places ?? []).map(({ image, symbol }) => `${image} ${symbol ?? ''}`)

/** What went wrong, in a clause. */
export const failureText = (failure: Failure): string => {
  if (failure.kind === 'crash') return failure.crash.title
  const { outcome } = failure
  if (failure.kind === 'end') return `${outcome} in phase ${failure.phase}`
  return `${outcome} in ${failure.routines.join(' or ')}`
}
