import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { BootstandError } from '../core/errors.ts'
import { sha256OfBytes } from '../host/hash.ts'
import { packageRoot } from '../host/paths.ts'
import { writeVerdict } from '../run-folder/verdict-file.ts'
import { mutationsOf } from '../test-tools/mutations.ts'
import { folder, useRuns } from '../test-tools/runs.ts'
import { sampleVerdict } from '../test-tools/sample-verdict.ts'
import { recordedRun } from './recorded-run.ts'
import { failureOf } from './failure.ts'
import { runInput } from './run-input.ts'
import { readTimeline } from './timeline.ts'

useRuns()

const hostile = path.join(packageRoot, 'fixtures/hostile/run')

/** Everything that verbs read of a run. */
const readers = {
  timeline: readTimeline,
  consoles: async (run: string) => await failureOf(await runInput(run)),
  recorded: recordedRun,
} as const

/** The sentence that answers a damaged run; nothing where a reader gives data. */
const answerOf = async (read: (run: string) => unknown, run: string): Promise<string> => {
  try {
    await read(run)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(BootstandError)
    expect(error).toMatchObject({ culprit: 'usage', exitStatus: 2 })
    const { message } = error as Error
    expect(message).not.toMatch(/[\0-\u001F]/)
    return message
  }
}

const sound: ReadonlySet<string> = new Set([
  ...['cast-marker-nan', 'cast-half-line', 'qmp-half-line', 'running-links-to-device'],
  ...['verdict-image-outside', 'verdict-image-device', 'terminal-escapes'],
  // `replay` rejects the first; the others attack what is printed.
  ...['no-emulator', 'script', 'names-for-a-shell'],
])

test.for(fs.readdirSync(hostile))('%s is answered in a sentence, or read', async (name) => {
  const run = path.join(hostile, name)
  const answers: string[] = []
  for (const read of Object.values(readers)) answers.push(await answerOf(read, run))
  const isAnswered = answers.some((it) => it.includes(name))
  expect(isAnswered, answers.join('\n')).toBe(!sound.has(name))
})

test('no path of a verdict is read outside of its run', async () => {
  const images = path.join(folder, 'images')
  fs.mkdirSync(images)
  const outside = path.join(images, 'kernel')
  fs.writeFileSync(outside, 'private')
  const sha256 = sha256OfBytes(fs.readFileSync(outside))
  const image = { role: 'kernel', name: 'kernel', size: 7, sha256, arguments: '' }
  const run = path.join(folder, 'run')
  const found = async (file: string) => {
    const booted = { guests: images, images: [{ ...image, path: file }] }
    await writeVerdict({ ...sampleVerdict, ...booted, runFolder: run })
    return (await runInput(run)).images.map((it) => it.found?.path)
  }
  fs.mkdirSync(path.join(run, 'medium'), { recursive: true })
  fs.writeFileSync(path.join(run, 'herc.out'), '')
  expect(await found(outside)).toEqual([undefined])
  expect(await found(path.join(images, '../../images/kernel'))).toEqual([undefined])
  fs.symlinkSync(outside, path.join(run, 'medium/kernel'))
  expect(await found(outside)).toEqual([undefined])
  fs.rmSync(path.join(run, 'medium/kernel'))
  fs.copyFileSync(outside, path.join(run, 'medium/kernel'))
  expect(await found(outside)).toEqual([path.join(run, 'medium/kernel')])
})

const lines = {
  'herc.cast': [
    { version: 2, width: 80, height: 25, title: 'herc' },
    [0.25, 'o', 'hello\n'],
    [0.5, 'm', 'not looked at since 0.300'],
    [0.75, 'i', '1'],
  ],
  'vga.cast': [{ version: 2 }, [0.5, 'm', 'not looked at since 0.100'], [0.5, 'o', 'a\r\nb']],
  'qmp.jsonl': [
    { at: 1, timestamp: { seconds: 1_795_000_000, microseconds: 12 }, event: 'RESUME' },
    {
      at: 900,
      timestamp: { seconds: 1_795_000_001, microseconds: 2 },
      event: 'SHUTDOWN',
      data: { guest: true, reason: 'guest-reset' },
    },
  ],
} as const

test.for(Object.keys(lines) as (keyof typeof lines)[])(
  'each damaged part of %s gives data or a sentence with its line',
  async (name) => {
    fs.writeFileSync(path.join(folder, 'herc.out'), 'hello\n')
    let rejected = 0
    for (const [index, line] of lines[name].entries()) {
      for (const { title, value } of mutationsOf(line)) {
        const texts = (lines[name] as readonly unknown[]).with(index, value)
        const text = texts.map((it) => `${JSON.stringify(it)}\n`).join('')
        fs.writeFileSync(path.join(folder, name), text)
        const answer = await answerOf(readTimeline, folder)
        if (answer === '') continue
        rejected++
        expect(answer, title).toContain(`${name}, line ${index + 1}`)
      }
    }
    expect(rejected).toBeGreaterThan(50)
  },
)

test('a line that has no end is rejected with the limit', async () => {
  fs.writeFileSync(path.join(folder, 'herc.out'), '')
  const cast = path.join(folder, 'herc.cast')
  fs.writeFileSync(cast, '{"version":2}\n')
  fs.truncateSync(cast, 2 ** 22)
  expect(await answerOf(readTimeline, folder)).toContain('line 2: expected lines of 1.0 MiB')
  fs.truncateSync(cast, 2 ** 33)
  expect(await answerOf(readTimeline, folder)).toContain('the limit is 256.0 MiB')
})

test('a FIFO in place of any file of a run is answered', async () => {
  const names = ['herc.out', 'herc.cast', 'qmp.jsonl', 'qemu.log', 'verdict.json', 'vga.cast']
  for (const name of names) {
    const run = path.join(folder, name)
    fs.cpSync(path.join(hostile, 'verdict-image-device'), run, { recursive: true })
    fs.rmSync(path.join(run, name), { force: true })
    execFileSync('mkfifo', [path.join(run, name)])
    const answers: string[] = []
    for (const read of Object.values(readers)) answers.push(await answerOf(read, run))
    expect(answers.join(''), name).toContain('a FIFO')
  }
})
