import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Transcript } from './transcript.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-cast-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

let transcripts = 0

const openTranscript = () => {
  const file = path.join(folder, `${transcripts++}.out`)
  fs.writeFileSync(file, '')
  const cast = file.replace('.out', '.cast')
  const started = performance.now()
  return {
    file,
    cast,
    open: () => new Transcript(file, 'herc', () => performance.now() - started),
  }
}

type Event = readonly [seconds: number, direction: 'o' | 'i' | 'm', text: string]

const eventsIn = (text: string): Event[] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Event)

const said = (events: readonly Event[], direction: 'o' | 'i' | 'm'): string =>
  events
    .filter(([, it]) => it === direction)
    .map(([, , text]) => text)
    .join('')

const over = { what: 'over' }

test('whatever comes in whatever pieces is in the copy once, in order', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 })
  const keys = fc.string({ minLength: 1, maxLength: 3 })
  const piece = fc.record({ bytes, keys: fc.option(keys), seen: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const { file, cast, open } = openTranscript()
      const transcript = open()
      for (const { bytes: printed, keys: typed, seen } of pieces) {
        const { size } = transcript
        fs.appendFileSync(file, printed)
        if (seen) await transcript.growth(size)
        if (typed !== null) transcript.typed(typed)
      }
      await transcript.close(over)
      const events = eventsIn(fs.readFileSync(cast, 'utf8'))
      expect(said(events, 'o')).toBe(fs.readFileSync(file, 'latin1'))
      expect(said(events, 'i')).toBe(pieces.map((it) => it.keys ?? '').join(''))
      const times = events.map(([seconds]) => seconds)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }),
    { numRuns: 60 },
  )
})

test('keys stand behind what had been seen when they were typed', async () => {
  const { file, cast, open } = openTranscript()
  const transcript = open()
  fs.appendFileSync(file, 'menu')
  await transcript.growth(0)
  transcript.typed('1')
  fs.appendFileSync(file, 'Singing')
  await transcript.close(over)
  // A busy host may not have looked in time, and marks it.
  const events = eventsIn(fs.readFileSync(cast, 'utf8')).filter(([, kind]) => kind !== 'm')
  expect(events.map(([, , text]) => text)).toEqual(['menu', '1', 'Singing'])
})

test('a disk that takes nothing holds nobody up, and the copy is whole in the end', async () => {
  const { file, cast, open } = openTranscript()
  // Whoever opens a FIFO to write waits for a reader: a disk that hangs.
  execFileSync('mkfifo', [cast])
  const transcript = open()
  const line = 'the quick brown fox jumps over the lazy dog\n'
  fs.appendFileSync(file, line.repeat(200_000))
  await transcript.growth(0)
  transcript.typed('x')
  fs.appendFileSync(file, 'end\n')
  await transcript.growth(transcript.size)
  const copy = fs.promises.readFile(cast, 'utf8')
  await transcript.close(over)
  const events = eventsIn(await copy)
  expect(said(events, 'o') === `${line.repeat(200_000)}end\n`).toBe(true)
  expect(said(events, 'i')).toBe('x')
})

test('a copy that cannot be written ends the console, and blames the host', async () => {
  const { cast, open } = openTranscript()
  fs.symlinkSync('/dev/full', cast)
  const transcript = open()
  await transcript.growth(0)
  expect(transcript.end).toEqual({
    what: expect.stringMatching(/^the console can no longer be recorded \(ENOSPC: /) as string,
    culprit: 'host',
  })
  await transcript.close(over)
})
