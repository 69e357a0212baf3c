import { inspectTool } from '../host/tools.ts'
import { parseBootMethod } from '../media/build.ts'
import { emulatorOfKept, incomparableBefore, type KeptRun } from '../report/kept-run.ts'
import type { BootFlags } from './flags.ts'

/** What instructions are counted by, where the command line does not say otherwise. */
export const measuredBy = { method: 'direct', profile: 'deterministic' } as const

/** Why a run cannot be held against what was kept, as far as it is known before it boots; a clause. */
export const refusedBefore = async (
  kept: KeptRun,
  { method }: Pick<BootFlags, 'method'>,
): Promise<string | undefined> => {
  const { version } = await inspectTool(emulatorOfKept(kept))
  return incomparableBefore(kept, {
    qemu: version,
    method: parseBootMethod(method) ?? measuredBy.method,
  })
}
