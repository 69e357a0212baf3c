import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { replayedMedium, runImages } from '../boot/run-images.ts'
import type { Target } from '../boot/target.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { Replayer } from '../target/qemu/replayer.ts'
import type { Profile } from '../target/target.ts'
import { compare, printComparison } from './statistics.ts'

const rounds = 5
const usualCases = 100
const scenario = pistachio({ rootTask: 'pingpong' })
const menu = 's: print SQLite table'
/** Milliseconds for a cold boot, on a busy host too. */
const within = 120_000

/**
 * From the call to the first line of an answer to a key at pingpong's menu: a cold boot, a machine of its own
 * from a checkpoint, and a machine that goes back to it; then how many such cases one machine does.
 *
 * @param cases How many, for the last row.
 */
export const fork = async (images = standInFolder, cases = usualCases): Promise<void> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-bench-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
  try {
    for (const profile of ['fast', 'deterministic'] as const) await measure(profile, images, cases)
    await recording(images, folder)
  } finally {
    await fs.rm(folder, { recursive: true })
  }
}

const measure = async (profile: Profile, images: string, cases: number): Promise<void> => {
  const options = { images, profile, method: 'direct' } as const
  await using parent = await boot(scenario, options)
  await parent.herc.waitFor(menu, { within })
  const checkpoint = await parent.checkpoint('menu')
  const timed = async (from: () => Promise<Target<'herc'>>) => {
    const started = performance.now()
    const target = await from()
    await answer(target)
    const took = performance.now() - started
    if (target !== parent) await target.stop()
    return took
  }
  const goBack = async () => {
    await parent.restore(checkpoint)
    return parent
  }
  const contenders = {
    'cold boot': async () =>
      await timed(async () => {
        const target = await boot(scenario, options)
        await target.herc.waitFor(menu, { within })
        return target
      }),
    'a machine from a checkpoint': async () =>
      await timed(async () => await boot(scenario, { ...options, from: checkpoint })),
    'one machine that goes back': async () => await timed(goBack),
  }
  const guests = images === standInFolder ? 'stand-ins' : 'user images'
  printComparison(
    `call to the answer at pingpong's menu, ${profile}, ${guests}`,
    await compare(contenders, rounds),
  )
  const started = performance.now()
  for (let count = 0; count < cases; count++) await timed(goBack)
  const rate = (cases / (performance.now() - started)) * 1000
  process.stdout.write(`  ${cases} cases in one machine: ${rate.toFixed(0)} a second\n`)
}

/** From the call to the answer, and switched off: a boot, one that is recorded, and its replay. */
const recording = async (images: string, folder: string): Promise<void> => {
  const once = async (profile: Profile) => {
    await using target = await boot(scenario, { images, profile, method: 'direct' })
    await target.herc.waitFor(menu, { within })
    await answer(target)
    return await target.stop()
  }
  const verdict = await once('record')
  const { machine, runFolder, consoles, method } = verdict
  const medium = replayedMedium(method, await runImages(verdict))
  const again = async () => {
    const place = { runFolder, folder: path.join(folder, 'replay') }
    await using replayer = await Replayer.start({
      ...place,
      ...{ machine: machine!, medium, roles: consoles, slowness: 1 },
    })
    await replayer.run()
  }
  const timed = (work: () => Promise<unknown>) => async () => {
    const started = performance.now()
    await work()
    return performance.now() - started
  }
  const contenders = {
    'cold boot': timed(async () => await once('fast')),
    'cold boot, recorded': timed(async () => await once('record')),
    'its replay': timed(again),
  }
  printComparison('call to switched off', await compare(contenders, rounds))
}

const answer = async ({ herc }: Target<'herc'>): Promise<void> => {
  await herc.type('3')
  await herc.waitFor('Benchmarking Intra-AS IPC')
}
