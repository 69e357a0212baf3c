import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { profiles, type Profile } from '../target/target.ts'
import { boot } from './boot.ts'
import { pistachio } from './pistachio.ts'

/** What a profile is worth on this machine. */
export interface ProfileReport {
  readonly name: Profile
  /** Whether two boots of the stand-ins measured the same numbers. */
  readonly isSame: boolean
  /** Milliseconds of the slower one. */
  readonly time: number
  /** Why they did not boot, if they did not. */
  readonly problem?: string
}

/** Runs pingpong twice under each profile but `fast`. */
export const probeProfiles = async (images: string): Promise<ProfileReport[]> => {
  const reports: ProfileReport[] = []
  // By the host's clock nothing is ever the same.
  for (const name of profiles.filter((it) => it !== 'fast')) {
    try {
      const boots = [await numbers(images, name), await numbers(images, name)] as const
      const isSame = boots[0].text === boots[1].text
      reports.push({ name, isSame, time: Math.max(...boots.map(({ time }) => time)) })
    } catch (error) {
      const [problem] = (error as Error).message.split('\n')
      reports.push({ name, isSame: false, time: 0, problem: problem! })
    }
  }
  return reports
}

/** What pingpong measures of messages of 64 sizes. */
const numbers = async (
  images: string,
  profile: Profile,
): Promise<{ text: string; time: number }> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-probe-'))
  const before = process.env['BOOTSTAND_RUNS']
  process.env['BOOTSTAND_RUNS'] = folder
  try {
    const started = performance.now()
    const scenario = pistachio({ rootTask: 'pingpong' })
    await using target = await boot(scenario, { method: 'direct', profile, images })
    await target.herc.waitFor('s: print SQLite table')
    await target.herc.type('1')
    await target.herc.waitFor(/^IPC \(63 MRs\).*$/)
    const { measurements } = await target.stop()
    return { text: JSON.stringify(measurements), time: performance.now() - started }
  } finally {
    if (before === undefined) delete process.env['BOOTSTAND_RUNS']
    else process.env['BOOTSTAND_RUNS'] = before
    await fs.rm(folder, { recursive: true, force: true })
  }
}
