import type { Alarm } from './alarm.ts'
import type { Meter } from './deadline-clock.ts'
import type { Examine } from './diagnosis.ts'
import type { StopText } from './stop.ts'
import type { WaitError } from './wait-error.ts'

/** What every wait on a machine has to do with, whichever console it is on. */
export interface Surroundings {
  /** Texts that end every wait at once. */
  readonly stops: readonly StopText[]
  /** Told how every wait ended: with an error, or well. */
  readonly onWaited: (error: WaitError | undefined) => void
  /** By which deadlines are longer on this host; 1 by default. */
  readonly slowness?: number | undefined
  /** What a deadline of processor time is measured by. */
  readonly meter?: Meter | undefined
  /** Finds out why a wait missed its deadline, before the machine is switched off. */
  readonly examine?: Examine | undefined
  /** Ends waits when the kernel has stopped and says so on its own console. */
  readonly alarm?: Alarm | undefined
  /** Ends every wait. */
  readonly signal?: AbortSignal | undefined
}
