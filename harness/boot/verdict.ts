import type { WaitError } from '../console/console.ts'
import type { Culprit } from '../core/errors.ts'
import type { Measurement, Phase } from '../diagnosis/observer.ts'
import type { BootMethod } from '../media/medium.ts'
import type { TargetEnd, TargetEndKind } from '../target/target.ts'

/**
 * How a boot ended.
 *
 * `finished`: everything that was awaited came, and the harness switched the machine off.
 * `not-printed`: something awaited did not come in time. `stopped`: the guest printed something
 * after which it does not go on. `cancelled`: the run was ended from outside, or its test took too
 * long. Otherwise what ended the machine.
 */
export type Outcome =
  | 'finished'
  | 'not-printed'
  | 'stopped'
  | 'cancelled'
  | Exclude<TargetEndKind, 'switched-off'>

/** A file that was booted. */
export interface VerdictImage {
  readonly role: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Missing for a finished disk that is too large to read for it. */
  readonly sha256?: string
  readonly arguments: string
}

/** What is known of a boot when it is over: the run folder's `verdict.json`. */
export interface Verdict {
  readonly scenario: string
  /** The test that booted it, where there was one. */
  readonly test?: string
  readonly outcome: Outcome
  /** Who has to act; nobody when the boot finished or was cancelled. */
  readonly culprit?: Culprit
  /** One clause. */
  readonly summary: string
  /** Absolute path. */
  readonly runFolder: string
  /** `stand-ins`, the directory that the images came from, or the finished disk. */
  readonly guests: string
  readonly method: BootMethod
  /** What there is to know about the boot medium, one sentence each. */
  readonly notes: readonly string[]
  readonly phases: readonly Phase[]
  readonly measurements: readonly Measurement[]
  readonly images: readonly VerdictImage[]
  readonly versions: Readonly<Record<string, string>>
  /** The emulator's command line, run in the run folder's `medium`. */
  readonly command: readonly string[]
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

/** Outcome, culprit and summary from how the machine ended and the last wait that failed. */
export const judge = (
  end: TargetEnd,
  failure: WaitError | undefined,
  signal: AbortSignal | undefined,
): Pick<Verdict, 'outcome' | 'culprit' | 'summary'> => {
  if (end.kind !== 'switched-off') {
    return { outcome: end.kind, culprit: end.culprit, summary: end.what }
  }
  if (signal?.aborted === true) {
    const { reason } = signal as { reason: unknown }
    const summary = reason instanceof Error ? reason.message : 'the run was cancelled'
    return { outcome: 'cancelled', summary }
  }
  if (failure === undefined)
    return { outcome: 'finished', summary: 'everything awaited was printed' }
  const [summary] = failure.message.split('\n')
  return {
    outcome: failure.failure === 'stop' ? 'stopped' : 'not-printed',
    culprit: failure.culprit,
    summary: summary!,
  }
}
