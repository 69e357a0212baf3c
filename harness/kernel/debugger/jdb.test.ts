import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Console } from '../../console/console.ts'
import { Transcript } from '../../console/transcript.ts'
import { fiascoProfile } from '../fiasco.ts'
import { debuggerOn } from './debugger.ts'
import { interrogate } from './interrogation.ts'

const recording = fs.readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/recordings/fiasco/l4linux-jdb.log'),
  'latin1',
)

/** What a real Fiasco printed from one text up to the end of another. */
const recorded = (from: string, to: string): string => {
  const start = recording.indexOf(from)
  return recording.slice(start, recording.indexOf(to, start) + to.length)
}

const shown = '\x1b[12;6H'
const prompt = '\x1b[32mjdb: \x1b[m\x1b[K\x1b[K'

/** What it answered each key with. */
const answers: Readonly<Record<string, string>> = {
  '\x1b': recorded('\x1b[32m    WARNING: Fiasco kernel checksum', prompt),
  lp: recorded('l\x1b[25;1H', `<CR>=select${shown}`),
  q: `\x1b[1;25r\x1b[25;1H${prompt}`,
  g: 'g\r\n/ # ',
}

let folder: string
let transcript: Transcript

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-jdb-'))
  const file = path.join(folder, 'com1.out')
  fs.writeFileSync(file, '/ # ')
  transcript = new Transcript(file, 'com1', () => performance.now())
})

afterEach(async () => {
  await transcript.close({ what: 'the test is over' })
  fs.rmSync(folder, { recursive: true })
})

const openConsole = (): Console =>
  new Console({
    role: 'com1',
    transcript,
    stops: fiascoProfile.stops,
    breakIn: fiascoProfile.breakIn,
    onWaited: () => {},
    sendBreak: async () => {},
    send: async (bytes) => {
      const answer = answers[bytes.toString('latin1')] ?? ''
      fs.appendFileSync(path.join(folder, 'com1.out'), answer, 'latin1')
    },
  })

test("Fiasco's debugger is entered by Escape, lists threads, and is left again", async () => {
  const console = openConsole()
  const jdb = debuggerOn(console, fiascoProfile)
  await jdb.enter()
  const threads = await jdb.threads()
  expect(threads).toContainEqual({ id: '8', name: 'sigma0', priority: 1, ready: false })
  expect(threads).toContainEqual({ id: '6', name: undefined, priority: 0, ready: true })
  await expect(jdb.stopped({ within: 20 })).rejects.toThrow('within 20 ms')
  await expect(jdb.memory(0)).rejects.toThrow('jdb is not asked for memory')
  await jdb.continue()
  await console.waitFor('/ # ')
})

test('of a Fiasco that hangs the threads are asked for', async () => {
  const found = await interrogate(openConsole(), fiascoProfile, { occasion: 'hung' })
  expect(found).toMatchObject([{ system: 'fiasco', kind: 'threads' }])
})
