import type { Verdict } from '../boot/verdict.ts'
import { readMenu } from '../host/read-menu.ts'
import { inspectTool } from '../host/tools.ts'
import { parseBootMethod } from '../media/build.ts'
import { emulatorOfKept, incomparableBefore, type KeptRun } from '../baseline/kept-run.ts'
import type { RunDefaults } from '../testing/test.ts'
import { say } from './print.ts'
import type { ScenarioFile } from './catalogue.ts'
import type { BootFlags } from './flags.ts'
import { watchedRun } from './watched-run.ts'

const usualMethod = 'direct'

/** Runs the tests of a scenario by the guest's clock, counting; gives no boots when they failed or were interrupted. */
export const measuredRun = async (
  source: ScenarioFile,
  flags: Pick<BootFlags, 'images' | 'method'>,
  counted: RunDefaults['counted'],
): Promise<readonly Verdict[] | undefined> => {
  const watch = { method: usualMethod, profile: 'deterministic', counted } as const
  const runs = await watchedRun([source], flags, watch)
  if (process.exitCode === 0) return runs
  say(`bootstand: Nothing was measured: the tests of ${source.name} have not come to their end.`)
  return undefined
}

/** Why a run cannot be held against what was kept, as far as it is known before it boots; a clause. */
export const refusedBefore = async (
  kept: KeptRun,
  { method }: Pick<BootFlags, 'method'>,
): Promise<string | undefined> => {
  const { version } = await inspectTool(emulatorOfKept(kept))
  return incomparableBefore(kept, {
    qemu: version,
    method: parseBootMethod(method) ?? usualMethod,
  })
}

/** Reads what was kept of an earlier run; what is wrong with it as a clause, and whether it could be read at all. */
export const readKept = async <T>(
  file: string,
  parse: (text: string) => T | string,
): Promise<{ readonly kept: T } | { readonly defect: string; readonly isRead: boolean }> => {
  // Read as a menu is: a pipe from which nothing comes would be waited for without end.
  const read = await readMenu(file)
  if ('defect' in read) return { defect: read.defect, isRead: false }
  const kept = parse(Buffer.from(read.text, 'latin1').toString('utf8'))
  return typeof kept === 'string' ? { defect: kept, isRead: true } : { kept }
}
