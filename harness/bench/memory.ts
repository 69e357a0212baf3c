import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Console } from '../console/console.ts'
import { Transcript } from '../console/transcript.ts'
import { Observer } from '../diagnosis/observer.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'

const run = promisify(execFile)

const small = 10

/**
 * The harness's memory while it follows and searches much output, beside little. A process that appends
 * to the transcript stands for QEMU, which would need a quarter of an hour for a gigabyte.
 *
 * @param megabytes How much; all in one process, the little first.
 */
export const memory = async (_images: string | undefined, megabytes = 100): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-memory-'))
  process.stdout.write('\npeak memory of the harness (RSS), a wait and an observer on a console\n')
  try {
    for (const size of [small, small, megabytes]) {
      const time = await follow(path.join(folder, `herc-${size}.out`), size)
      const peak = process.resourceUsage().maxRSS / 1024
      process.stdout.write(
        `  after ${String(size).padStart(4)} MB  ${peak.toFixed(0).padStart(4)} MiB  (${(size / time).toFixed(0)} MB/s)\n`,
      )
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

/** Seconds from the first byte to the match behind all. */
const follow = async (file: string, megabytes: number): Promise<number> => {
  fs.writeFileSync(file, '')
  const started = performance.now()
  const transcript = new Transcript(file, 'herc', () => performance.now() - started)
  const observer = new Observer([{ role: 'herc', transcript }], pistachioProfile, {})
  const console = new Console({
    role: 'herc',
    transcript,
    stops: pistachioProfile.stops,
    send: async () => {},
    onWaited: () => {},
  })
  const line = 'flood 00000000: the quick brown fox jumps over the lazy dog 01'
  const script = `yes '${line}' | head -c ${megabytes}000000 >> "$0"; printf '\\nflood done\\n' >> "$0"`
  const writer = run('sh', ['-c', script, file])
  await Promise.all([console.waitFor(/^flood done/, { within: 1e7 }), writer])
  const time = performance.now() - started
  await transcript.close({ what: 'over' })
  await observer.done
  fs.rmSync(file)
  fs.rmSync(transcript.castPath)
  return time / 1000
}
