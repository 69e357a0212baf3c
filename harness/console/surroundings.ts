import type { Alarm } from './alarm.ts'
import type { Meter, Timing } from './deadline-clock.ts'
import type { Examine } from './diagnosis.ts'
import type { StopText } from './stop.ts'
import type { WaitError } from './wait-error.ts'

/** What every wait on a machine has to do with, whichever console it is on. */
export interface Surroundings extends Timing {
  /** Texts that end every wait at once. */
  readonly stops: readonly StopText[]
  /** Told how every wait ended: with an error, or well. */
  readonly onWaited: (error: WaitError | undefined) => void
  /** Finds out why a wait missed its deadline, before the machine is switched off. */
  readonly examine?: Examine | undefined
  /** Ends waits when the kernel has stopped and says so on its own console. */
  readonly alarm?: Alarm | undefined
  /** Ends every wait. */
  readonly signal?: AbortSignal | undefined
}

/** Of what a machine is given, what its waits have to do with. */
export const surroundingsOf = (
  { stops, onWaited, slowness, examine, alarm, signal }: Omit<Surroundings, 'meter'>,
  meter: Meter,
): Surroundings => ({ stops, onWaited, slowness, examine, alarm, signal, meter })
