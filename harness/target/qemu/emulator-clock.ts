import { waitsForProcessor } from '../../host/processes.ts'

/** Readings are this far apart, in milliseconds. */
const freshness = 25

/**
 * Milliseconds on a clock that stands still while an emulator waits for a processor.
 *
 * @param id The process's.
 */
export const emulatorClock = (id: number): (() => number) => {
  let waits = waitsForProcessor(id)
  let [time, readAt, told] = [0, performance.now(), 0]
  return () => {
    const now = performance.now()
    if (now - readAt > freshness) {
      const before = waits
      waits = waitsForProcessor(id)
      const grown = [...waits].map(([thread, wait]) => wait - (before.get(thread) ?? 0))
      // Linux tells of a wait when it is over, which may have begun before the last reading.
      time += now - readAt - Math.max(0, ...grown)
      readAt = now
    }
    told = Math.max(told, time + now - readAt)
    return told
  }
}
