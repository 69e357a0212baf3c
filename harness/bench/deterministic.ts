import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { boot } from '../boot/boot.ts'
import { pistachio } from '../boot/pistachio.ts'
import { sha256OfBytes } from '../host/hash.ts'
import type { Profile } from '../target/target.ts'

const profiles: readonly Profile[] = ['fast', 'deterministic']

/** What one run of pingpong printed. */
interface Run {
  readonly numbers: string
  readonly transcript: string
  /** Milliseconds. */
  readonly time: number
  readonly isExact: boolean
}

/**
 * How often pingpong's numbers, and every byte that it prints, are the same: by the host's clock and by the
 * guest's.
 *
 * @param runs Of each profile; 10 by default.
 */
export const deterministic = async (images: string | undefined, runs = 10): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-deterministic-'))
  process.env['BOOTSTAND_RUNS'] = folder
  const guests = images === undefined ? 'stand-ins' : 'images'
  process.stdout.write(`\npingpong, direct, ${guests}: ${runs} runs of 64 message sizes each\n`)
  process.stdout.write(
    '  profile        different numbers  different transcripts  exact  median time\n',
  )
  try {
    for (const profile of profiles) {
      const all: Run[] = []
      for (let run = 0; run < runs; run++) all.push(await once(profile, images))
      const different = (key: 'numbers' | 'transcript') => new Set(all.map((it) => it[key])).size
      const times = all.map(({ time }) => time).toSorted((a, b) => a - b)
      const cells = [
        profile.padEnd(14),
        String(different('numbers')).padStart(17),
        String(different('transcript')).padStart(22),
        String(all.filter((it) => it.isExact).length).padStart(6),
        `${(times[runs >> 1]! / 1000).toFixed(2)} s`.padStart(12),
      ]
      process.stdout.write(`  ${cells.join(' ')}\n`)
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const once = async (profile: Profile, images: string | undefined): Promise<Run> => {
  const started = performance.now()
  const scenario = pistachio({ rootTask: 'pingpong' })
  await using target = await boot(scenario, { method: 'direct', profile, images })
  await target.herc.waitFor('s: print SQLite table', { within: 120_000 })
  await target.herc.type('1')
  await target.herc.waitFor('ESC - Enter KDB', { within: 120_000 })
  const { measurements, isExact, runFolder } = await target.stop()
  if (measurements.length !== 64) throw new Error(`${measurements.length} lines were measured`)
  const transcript = sha256OfBytes(fs.readFileSync(path.join(runFolder, 'herc.out')))
  fs.rmSync(runFolder, { recursive: true })
  const numbers = sha256OfBytes(JSON.stringify(measurements))
  return { numbers, transcript, time: performance.now() - started, isExact }
}
