import fs from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf, openConsole, useConsoles } from '../test-tools/consoles.ts'

// What may happen to bytes between a guest and the harness, by a writer that is not QEMU.

useConsoles()

const lines = Array.from({ length: 40 }, (_, at) => `line ${String(at).padStart(2, '0')} of a boot`)
const lineLength = lines[0]!.length + 2
const printed = Buffer.from(lines.map((line) => `${line}\n\r`).join(''))

/** Ways in which some bytes at an offset may come otherwise than they were sent. */
const faults: Record<string, (bytes: Buffer, at: number, length: number) => Buffer> = {
  dropped: (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
  doubled: (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
  corrupted: (bytes, at, length) =>
    // Line noise sets the upper half of what it hits, so no line end comes of it.
    Buffer.from(
      bytes.map((byte, index) => (index >= at && index < at + length ? byte | 0x80 : byte)),
    ),
}

test.for(Object.keys(faults))(
  'bytes that are %s cost their own lines, and all that came is kept',
  async (name) => {
    const place = fc.record({
      at: fc.nat(printed.length - 1),
      length: fc.integer({ min: 1, max: lineLength }),
    })
    await fc.assert(
      fc.asyncProperty(place, async ({ at, length }) => {
        const { file, transcript, console } = openConsole()
        const came = faults[name]!(printed, at, length)
        const first = Math.floor(at / lineLength)
        const last = Math.floor(Math.min(at + length, printed.length - 1) / lineLength)
        const sound = lines.filter((_, number) => number < first || number > last)
        const waits = (async () => {
          for (const line of sound) await console.waitFor(line)
        })()
        fs.appendFileSync(file, came)
        await waits
        await transcript.close({ what: 'over' })
        expect(transcript.read(0)).toEqual(came)
      }),
      { numRuns: 40 },
    )
  },
)

test('a line that was broken on the way is shown to whoever awaits it', async () => {
  const { file, console } = openConsole()
  fs.appendFileSync(file, 'Ping\xf0ong started\n', 'latin1')
  const error = await failureOf(console.waitFor('Pingpong started', { within: 100 }))
  expect(error).toMatchObject({ failure: 'deadline', culprit: 'guest' })
  expect(error.message).toContain('  | Ping\xf0ong started')
})

test('bytes that come late are waited for, each one alone', async () => {
  const { file, transcript, console } = openConsole()
  const wait = console.waitFor(/^line (?<number>\d+) of a boot$/)
  for (const byte of 'line 17 of a boot\n\r') {
    const { size } = transcript
    fs.appendFileSync(file, byte)
    await transcript.growth(size)
  }
  await expect(wait).resolves.toMatchObject({ groups: { number: '17' } })
})

test('a harness that was busy for long judges by what came meanwhile, not by its clock', async () => {
  const { file, console } = openConsole()
  const wait = console.waitFor('just in time', { within: 200 })
  fs.appendFileSync(file, 'just in time')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  await expect(wait).resolves.toMatchObject({ text: 'just in time' })
})

test('a transcript that is taken away ends nothing that came', async () => {
  const { file, console } = openConsole()
  fs.appendFileSync(file, 'last words\n')
  await console.waitFor('last')
  fs.rmSync(file)
  await expect(console.waitFor('words')).resolves.toMatchObject({ line: 'last words' })
})

test('a flood that nobody awaits is searched when somebody does', async () => {
  const { file, transcript, console } = openConsole()
  const block = Buffer.from(`${'x'.repeat(63)}\n`.repeat(16_384))
  const handle = fs.openSync(file, 'a')
  for (let megabyte = 0; megabyte < 20; megabyte++) {
    const { size } = transcript
    fs.writeSync(handle, block)
    await transcript.growth(size)
  }
  fs.writeSync(handle, 'flood done\n')
  fs.closeSync(handle)
  await expect(console.waitFor('flood done')).resolves.toMatchObject({ line: 'flood done' })
  expect(transcript.size).toBe(20 * block.length + 11)
})

test('so does a wait for a screen', async () => {
  const { file, console } = openConsole()
  const wait = console.waitToShow('just in time', { within: 200 })
  fs.appendFileSync(file, '\x1b[2Jjust in time')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  await expect(wait).resolves.toMatchObject({ text: 'just in time' })
})

test('nor is a console quiet that printed meanwhile', async () => {
  const { file, console } = openConsole()
  const quiet = failureOf(console.staysQuiet(200))
  fs.appendFileSync(file, 'noise')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  await expect(quiet).resolves.toMatchObject({ failure: 'printed' })
})
