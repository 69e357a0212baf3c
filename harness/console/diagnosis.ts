import type { Culprit } from '../core/errors.ts'
import type { HangOutcome } from '../core/outcome.ts'
import type { Transcript } from './transcript.ts'

/** Samples of the program counter that lie close together. Addresses are hexadecimal. */
export interface SampledPlace {
  /** Which processor was there, from 0; only where there are several. */
  readonly processor?: number
  readonly from: string
  readonly to: string
  readonly samples: number
  /** Which files lie there and which of their routines: `rt-spin, main+0x12`. Several when it is not certain. */
  readonly places: readonly string[]
}

/** What an examination of a running machine found, in numbers. */
export interface Evidence {
  /** One sentence. */
  readonly sentence: string
  /** How often each processor was looked at, … */
  readonly samples: number
  /** … how often one was found at `hlt`, … */
  readonly halted: number
  /** … and how often with interrupts off. */
  readonly interruptsOff: number
  /**
   * Where each one was found, the most frequent place first; where some of several processors spin, only those.
   */
  readonly places: readonly SampledPlace[]
  /** Interrupts that devices raised meanwhile. */
  readonly interrupts?: number | undefined
  /** What QEMU's monitor says of the machine; nothing when it did not answer. */
  readonly status?: string | undefined
  /** State of QEMU's process, as in proc(5): `R`, `S`, `T`. */
  readonly process?: string | undefined
  /** Milliseconds of processor time that QEMU got meanwhile. */
  readonly emulatorTime?: number | undefined
  /** Milliseconds that the examination took. */
  readonly took: number
}

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
