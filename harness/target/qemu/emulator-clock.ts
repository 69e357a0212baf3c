import { totalWithheld, watchWithheld, type WithheldTime } from '../../host/withheld-time.ts'

/** Readings are this far apart, in milliseconds. */
const freshness = 25

/**
 * Milliseconds on a clock that stands still while the host keeps an emulator from running: it waits for a processor, is
 * throttled, or a hypervisor runs others.
 *
 * @param id The process's.
 * @param withheld Returns what it has lost since the last call.
 */
export const emulatorClock = (
  id: number,
  withheld: () => WithheldTime = watchWithheld(id),
): (() => number) => {
  let [time, readAt, told] = [0, performance.now(), 0]
  return () => {
    const now = performance.now()
    if (now - readAt > freshness) {
      // A wait is reported when it is over, and may have begun before the last reading.
      time += now - readAt - totalWithheld(withheld())
      readAt = now
    }
    told = Math.max(told, time + now - readAt)
    return told
  }
}
