import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Console } from '../console/console.ts'
import { linesFrom } from '../console/lines.ts'
import type { StopText } from '../console/stop.ts'
import { Transcript } from '../console/transcript.ts'
import type { WaitError } from '../console/wait-error.ts'
import { plainText } from '../core/text.ts'
import { firmwareStops } from '../kernel/firmware.ts'
import { grubStops } from '../kernel/grub.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { linuxProfile } from '../kernel/linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { Observer } from './observer.ts'

const root = path.join(import.meta.dirname, '../../fixtures/recordings')
const recordings = fs
  .readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(log|raw|txt)$/.test(name) && name.includes(path.sep))
  .toSorted()

const kernels: Readonly<Record<string, KernelProfile>> = {
  fiasco: fiascoProfile,
  l4linux: fiascoProfile,
  'linux-2.4': linuxProfile,
  'linux-6.1': linuxProfile,
}

/** That of the folder's system; Pistachio's where there is none yet, to show how little it mistakes. */
const profileFor = (recording: string): KernelProfile => {
  const kernel = kernels[path.dirname(recording)] ?? pistachioProfile
  return { ...kernel, stops: [...firmwareStops, ...grubStops(), ...kernel.stops] }
}

let folder: string

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-replay-'))
})

afterAll(() => fs.rmSync(folder, { recursive: true }))

/** Some lines of a recording, in their order, that no earlier line holds, too. */
const awaitedIn = (recording: Buffer): string[] => {
  const lines = recording.toString('latin1').split('\n').map(plainText)
  const step = Math.max(1, Math.floor(lines.length / 8))
  return lines.filter(
    (line, at) =>
      at % step === 0 &&
      line.trim() !== '' &&
      lines.findIndex((other) => other.includes(line)) === at,
  )
}

let replays = 0

/** What the harness makes of a recording whose pieces come one after another, each seen for itself. */
const replay = async (profile: KernelProfile, pieces: readonly Buffer[]) => {
  const file = path.join(folder, `${replays++}.out`)
  fs.writeFileSync(file, '')
  const transcript = new Transcript(file, 'herc', () => 0)
  const observer = new Observer([{ role: 'com1', transcript }], profile, {})
  const openConsole = (stops: readonly StopText[]) =>
    new Console({ role: 'herc', transcript, stops, send: async () => {}, onWaited: () => {} })
  const [patient, armed] = [openConsole([]), openConsole(profile.stops)]
  const stopped = armed.waitFor('never, nowhere').catch((error: unknown) => error as WaitError)
  const matching = (async () => {
    const found: string[] = []
    for (const text of awaitedIn(Buffer.concat(pieces))) {
      found.push((await patient.waitFor(text)).text)
    }
    return found
  })()
  for (const piece of pieces) {
    const { size } = transcript
    fs.appendFileSync(file, piece)
    if (piece.length > 0) await transcript.growth(size)
    // Whoever waits looks at it before the next one comes.
    await nextTurn()
  }
  await transcript.close({ what: 'over', culprit: 'host' })
  await observer.done
  const { stop, failure } = (await stopped) as WaitError
  return {
    matches: await matching,
    lines: linesFrom(transcript, 0),
    firstStop: { failure, id: stop?.id, culprit: stop?.culprit },
    stops: observer.stops,
    phases: observer.phases(0).map(({ name }) => name),
    measurements: observer.measurements,
    screen: await patient.screen.text(),
  }
}

test.for(recordings)('%s reads the same in any pieces', async (name) => {
  const recording = fs.readFileSync(path.join(root, name))
  const profile = profileFor(name)
  const whole = await replay(profile, [recording])
  expect(whole.matches).toEqual(awaitedIn(recording))
  const cuts = fc.array(fc.nat(recording.length), { maxLength: 8, size: 'max' })
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), recording.length]
      const pieces = edges.slice(1).map((edge, index) => recording.subarray(edges[index], edge))
      expect(await replay(profile, pieces)).toEqual(whole)
    }),
    { numRuns: 4 },
  )
})

test('what each recording shows', async () => {
  const rows: string[] = []
  for (const name of recordings) {
    const pieces = [fs.readFileSync(path.join(root, name))]
    const { stops, phases, measurements } = await replay(profileFor(name), pieces)
    const ids = [...new Set(stops.map(({ id }) => id))].join(', ') || '-'
    rows.push(`${name}\n  ${phases.join(', ')}; ${measurements.length} measurements; stops: ${ids}`)
  }
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(path.join(root, 'shown.txt'))
})
