import { describeDeadline, type Deadlines } from '../core/deadline.ts'
import { BootstandError, failedStatus, type Culprit } from '../core/errors.ts'
import { formatDuration } from '../core/text.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { Stop } from './stop.ts'
import type { TranscriptEnd } from './transcript.ts'
import type { Missed } from './wait.ts'

/** Why a wait failed: `not-shown` is for a screen that was to show a text in time. */
export type WaitFailure = Missed['failure'] | 'not-shown'

const codes: Record<WaitFailure, string> = {
  deadline: 'BOOTSTAND_NOT_PRINTED',
  'not-shown': 'BOOTSTAND_NOT_SHOWN',
  stop: 'BOOTSTAND_STOPPED',
  ended: 'BOOTSTAND_ENDED',
  printed: 'BOOTSTAND_PRINTED',
}

/** A wait failed: a text did not come, or a console was not quiet. The message shows what came. */
export class WaitError extends BootstandError {
  readonly failure: WaitFailure
  /** What the guest printed that ended the wait, if it did. */
  readonly stop: Stop | undefined
  /** Why nothing came, where the machine was examined when a deadline was missed. */
  readonly diagnosis: Diagnosis | undefined

  constructor(
    failure: WaitFailure,
    culprit: Culprit,
    message: string,
    { stop, diagnosis }: Pick<Missed, 'stop' | 'diagnosis'> = {},
  ) {
    // A guest that does not print what it should is a failed test, whoever is to blame.
    super(codes[failure], culprit, message, { exitStatus: failedStatus })
    this.name = 'WaitError'
    this.failure = failure
    this.stop = stop
    this.diagnosis = diagnosis
  }
}

/** A wait that missed its text. */
export interface MissedWait {
  /** What was to print or show it, such as `herc`. */
  readonly role: string
  readonly verb: 'print' | 'show'
  /** What was awaited, as its author wrote it. */
  readonly wanted: string
  readonly deadlines: Deadlines
  readonly missed: Missed
  /** Why nothing more can come, if so. */
  readonly end: TranscriptEnd | undefined
  /** What came instead, a line each. */
  readonly evidence: readonly string[]
}

/** The error of a wait that missed its text. */
export const missedError = (wait: MissedWait): WaitError => {
  const { role, verb, missed, end } = wait
  const { failure, stop, elsewhere, waited, printed, diagnosis } = missed
  const [reason, culprit] = {
    deadline: (): [string, Culprit] => [
      `it was not ${participles[verb]} ${describeDeadline(missed.deadline ?? 'within', wait.deadlines)}`,
      diagnosis?.culprit ?? 'guest',
    ],
    stop: (): [string, Culprit] => [
      elsewhere === undefined ? stop!.meaning : `on ${elsewhere.role}, ${stop!.meaning}`,
      stop!.culprit,
    ],
    printed: (): [string, Culprit] => [`it printed ${JSON.stringify(printed)} before`, 'guest'],
    // Whoever waits on a machine that was switched off has made a mistake.
    ended: (): [string, Culprit] => [end!.what, end!.culprit ?? 'usage'],
  }[failure]()
  const what = `${role} did not ${verb} ${wait.wanted}: ${reason} (waited ${formatDuration(waited)}).`
  const kind = verb === 'show' && failure === 'deadline' ? 'not-shown' : failure
  const proof = diagnosis === undefined ? [] : [diagnosis.evidence.sentence]
  return new WaitError(
    kind,
    culprit,
    [what, ...proof, ...(elsewhere?.lines ?? wait.evidence)].join('\n'),
    missed,
  )
}

const participles = { print: 'printed', show: 'shown' } as const
