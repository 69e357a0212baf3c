import fs from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { hostSlowness } from '../host/slowness.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { Replayer } from '../target/qemu/replayer.ts'
import { profiles, type Profile } from '../target/target.ts'
import { boot } from './boot.ts'
import { pistachio } from './pistachio.ts'
import { replayedMedium, runImages } from './run-images.ts'
import type { Verdict } from './verdict.ts'

/** What a profile is worth on this machine. */
export interface ProfileReport {
  readonly name: Profile | 'replay'
  /** Whether two boots of the stand-ins measured the same numbers; of a replay, whether it printed the recorded bytes. */
  readonly isSame: boolean
  /** Milliseconds of the slower one. */
  readonly time: number
  /** Why they did not run, if they did not. */
  readonly problem?: string
}

/** Runs pingpong twice under each profile but `fast`, and the last recording again. */
export const probeProfiles = async (images: string): Promise<ProfileReport[]> => {
  await using runs = await temporaryFolder()
  const before = process.env['BOOTSTAND_RUNS']
  process.env['BOOTSTAND_RUNS'] = runs.path
  try {
    const reports: ProfileReport[] = []
    let recorded: Verdict | undefined
    // By the host's clock nothing is ever the same.
    for (const name of profiles.filter((it) => it !== 'fast')) {
      const probe = async () => {
        const boots = [await timed(measured(images, name)), await timed(measured(images, name))]
        const [one, other] = boots.map(({ value }) => JSON.stringify(value.measurements))
        if (name === 'record') recorded = boots[1]!.value
        return { isSame: one === other, time: Math.max(...boots.map(({ time }) => time)) }
      }
      reports.push({ name, ...(await orProblem(probe)) })
    }
    if (recorded === undefined) return reports
    const { runFolder } = recorded
    const probe = async () => {
      const { value, time } = await timed(replayed(recorded!, path.join(runFolder, 'replay')))
      return { isSame: value, time }
    }
    return [...reports, { name: 'replay', ...(await orProblem(probe)) }]
  } finally {
    if (before === undefined) delete process.env['BOOTSTAND_RUNS']
    else process.env['BOOTSTAND_RUNS'] = before
  }
}

type Probe = Omit<ProfileReport, 'name'>

const orProblem = async (probe: () => Promise<Probe>): Promise<Probe> =>
  await probe().catch((error: unknown) => {
    const [problem] = (error as Error).message.split('\n')
    return { isSame: false, time: 0, problem: problem! }
  })

const timed = async <T>(work: Promise<T>): Promise<{ value: T; time: number }> => {
  const started = performance.now()
  const value = await work
  return { value, time: performance.now() - started }
}

/** Boots pingpong until it has measured messages of 64 sizes. */
const measured = async (images: string, profile: Profile): Promise<Verdict> => {
  const scenario = pistachio({ rootTask: 'pingpong' })
  await using target = await boot(scenario, { method: 'direct', profile, images })
  await target.herc.waitFor('s: print SQLite table')
  await target.herc.type('1')
  await target.herc.waitFor(/^IPC \(63 MRs\).*$/)
  return await target.stop()
}

/** Whether a recorded run prints the same when it runs again. */
const replayed = async (verdict: Verdict, folder: string): Promise<boolean> => {
  const { runFolder, method, consoles } = verdict
  const roles = consoles.serial
  await using replayer = await Replayer.start({
    ...{ runFolder, folder, machine: verdict.machine!, roles: consoles },
    medium: replayedMedium(method, await runImages(verdict)),
    slowness: hostSlowness(),
  })
  await replayer.run()
  const printed = async (where: string) => {
    const files = roles.map((role) => path.join(where, `${role}.out`))
    return await Promise.all(files.map(async (file) => await fs.readFile(file, 'latin1')))
  }
  return isDeepStrictEqual(await printed(folder), await printed(runFolder))
}
