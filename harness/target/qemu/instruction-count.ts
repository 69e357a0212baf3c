import type { InstructionCount } from '../../console/deadline-clock.ts'
import { instructionsOf } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'

/** Counts are this far apart, in milliseconds. */
const freshness = 25

/**
 * Counts the guest's instructions, of a QEMU that does (`-icount`).
 *
 * @returns What gives the newest answer, and asks again where that is old or was asked before some moment.
 */
export const instructionCount = (qmp: Qmp): ((since: number) => InstructionCount | undefined) => {
  let newest: InstructionCount | undefined
  let isAsked = false
  let wanted = 0
  const ask = async () => {
    isAsked = true
    try {
      do {
        const asked = performance.now()
        newest = { asked, count: await instructionsOf(qmp) }
      } while (newest.asked < wanted)
    } catch {
      // One that is gone has its end told elsewhere.
    }
    isAsked = false
  }
  return (since) => {
    wanted = Math.max(wanted, since)
    const oldest = Math.max(since, performance.now() - freshness)
    if (!isAsked && (newest === undefined || newest.asked < oldest)) void ask()
    return newest
  }
}
