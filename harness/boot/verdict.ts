import type { Stop } from '../console/stop.ts'
import type { WaitError, WaitFailure } from '../console/wait-error.ts'
import type { Culprit } from '../core/errors.ts'
import type { Measurement, Phase } from '../diagnosis/observer.ts'
import type { BootMethod } from '../media/medium.ts'
import type { ConsoleRoles } from './scenario.ts'
import type { TargetEnd, TargetEndKind } from '../target/target.ts'

/**
 * How a boot ended.
 *
 * `finished`: the last wait was met, and the harness switched the machine off. `not-printed`: a text
 * did not come in time. `not-shown`: a screen did not show a text in time. `not-quiet`: the guest
 * printed when it should not. `stopped`: it printed something after which it does not go on.
 * `emulator-failed`: QEMU did not start, or died. `host-failed`: the host took something away, such as
 * disk space. `cancelled`: the run was ended from outside, or its test took too long. Otherwise what
 * ended the machine.
 */
export type Outcome =
  | 'finished'
  | 'not-printed'
  | 'not-shown'
  | 'not-quiet'
  | 'stopped'
  | 'host-failed'
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

/** An outside program that took part in a boot. */
export interface VerdictTool {
  readonly name: string
  readonly version: string
  readonly path: string
  readonly sha256: string
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
  /** What the ports are called. */
  readonly consoles: ConsoleRoles
  /** What there is to know about the boot medium, one sentence each. */
  readonly notes: readonly string[]
  readonly phases: readonly Phase[]
  readonly measurements: readonly Measurement[]
  /** What the guest printed after which it does not go on by itself, awaited or not. */
  readonly stops: readonly Stop[]
  readonly images: readonly VerdictImage[]
  /** Versions of Bootstand and Node. */
  readonly harness: { readonly version: string; readonly node: string }
  /** The outside programs that took part. */
  readonly tools: readonly VerdictTool[]
  /** The emulator's command line, run in the run folder's `medium`. */
  readonly command: readonly string[]
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

/** Outcome, culprit and summary from how the machine ended and how the last wait did. */
export const judge = (
  end: TargetEnd,
  failure: WaitError | undefined,
  signal: AbortSignal | undefined,
): Pick<Verdict, 'outcome' | 'culprit' | 'summary'> => {
  if (end.kind !== 'switched-off') {
    return { outcome: end.kind, ...(end.culprit && { culprit: end.culprit }), summary: end.what }
  }
  if (signal?.aborted === true) {
    const { reason } = signal as { reason: unknown }
    const summary = reason instanceof Error ? reason.message : 'the run was cancelled'
    return { outcome: 'cancelled', summary }
  }
  if (failure === undefined) return { outcome: 'finished', summary: 'everything awaited was seen' }
  const [summary] = failure.message.split('\n')
  return { outcome: outcomes[failure.failure], culprit: failure.culprit, summary: summary! }
}

/** A console that ends while its machine runs can no longer be recorded. */
const outcomes: Record<WaitFailure, Outcome> = {
  deadline: 'not-printed',
  'not-shown': 'not-shown',
  printed: 'not-quiet',
  stop: 'stopped',
  ended: 'host-failed',
}
