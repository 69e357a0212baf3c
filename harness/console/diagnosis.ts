import type { Culprit } from '../core/errors.ts'
import type { HangOutcome } from '../core/outcome.ts'
import type { Evidence } from '../run-folder/evidence.ts'
import type { Transcript } from './transcript.ts'

export type { Evidence } from '../run-folder/evidence.ts'

/** Why a guest does not print what was awaited. */
export interface Diagnosis {
  readonly outcome: HangOutcome
  readonly culprit: Culprit
  readonly evidence: Evidence
}

/** A wait that missed its deadline, for whoever examines the machine. */
export interface MissedDeadline {
  readonly role: string
  /** What the console printed; nothing for a console that is no stream. */
  readonly transcript?: Transcript | undefined
  /** Whether it printed anything during the wait. */
  readonly printed: boolean
  /** Whether keys were typed since it last printed. */
  readonly typed: boolean
}

/** Examines the machine that a console belongs to. Never rejects. */
export type Examine = (missed: MissedDeadline) => Promise<Diagnosis | undefined>
