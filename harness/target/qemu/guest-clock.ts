import type { InstructionCount } from '../../console/deadline-clock.ts'
import { starvedTime } from '../../host/processes.ts'
import type { Emulator } from './emulator.ts'

/** Readings are this far apart, in milliseconds. */
const freshness = 25

/**
 * Milliseconds on a clock that stands still while the emulator waits for a processor.
 *
 * @param id The process's.
 */
export const emulatorClock = (id: number): (() => number) => {
  let [time, readAt, starved] = [0, performance.now(), starvedTime(id) ?? 0]
  let told = 0
  return () => {
    const now = performance.now()
    if (now - readAt > freshness) {
      const before = starved
      // A thread that has ended takes its part along.
      starved = Math.max(before, starvedTime(id) ?? 0)
      time += Math.max(0, now - readAt - (starved - before))
      readAt = now
    }
    told = Math.max(told, time + now - readAt)
    return told
  }
}

/** Counts the guest's instructions, of a QEMU that does (`-icount`); gives the newest answer and asks again. */
export const instructionsOf = ({ qmp }: Emulator): (() => InstructionCount | undefined) => {
  let newest: InstructionCount | undefined
  let isAsked = false
  const ask = async () => {
    const asked = performance.now()
    const answer = (await qmp.execute('query-replay')) as { readonly icount: number }
    newest = { asked, count: answer.icount }
  }
  return () => {
    if (!isAsked && performance.now() - (newest?.asked ?? -Infinity) > freshness) {
      isAsked = true
      const answered = () => {
        isAsked = false
      }
      // One that is gone has its end told elsewhere.
      ask().then(answered, answered)
    }
    return newest
  }
}
