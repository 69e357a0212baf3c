import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { fiascoProfile } from '../fiasco.ts'
import { interrogate } from './interrogation.ts'
import { jdbOn } from './jdb.ts'
import { openConsole, useConsoles } from '../../test-tools/consoles.ts'

const recording = fs.readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/recordings/fiasco/l4linux-jdb-asked.log'),
  'latin1',
)

/** What a real Fiasco printed from one text up to the end of another. */
const recorded = (from: string, to: string): string => {
  const start = recording.indexOf(from)
  return recording.slice(start, recording.indexOf(to, start) + to.length)
}

const prompt = '\x1b[1;25r\x1b[25;1H\x1b[32mjdb: \x1b[m\x1b[K'

/** How it leaves what fills the screen. */
const left = `\x1b[25;6H\x1b[K${prompt}`

/** What it answered each key with, where nothing is shown and where something is. */
const answers: Readonly<Record<string, string>> = {
  '\x1b': recorded('\x1b[1;25r\x1b[25;1H\r\n\x1b[32m    WARNING', 'jdb: \x1b[m\x1b[K'),
  lp: recorded('l\x1b[25;1H', '<CR>=select\x1b[12;6H'),
  't\r': recorded('t\x1b[25;1H', '<CR>=dump <Space>=Disas'),
  't03b\r': recorded('t03b\x1b[25;1H', '<CR>=dump <Space>=Disas'),
  't0a\r': recorded('t0a\x1b[25;1H', '<CR>=dump <Space>=Disas'),
  d00100000: recorded('d00100000\x1b[25;1H', '=go...\x1b[1;10H'),
  df0092d40: recorded('df0092d40\x1b[25;1H', '=go...\x1b[1;10H'),
  g: 'g\x1b[1;127r\x1b[25;1f\x1b[127;1H\r\n/ # ',
}

useConsoles()

const openFiasco = (): Console => {
  let fills = false
  const { console, print } = openConsole({
    stops: fiascoProfile.stops,
    breakIn: fiascoProfile.breakIn,
    sendBreak: async () => {},
    send: async (bytes) => {
      const keys = bytes.toString('latin1')
      // While something fills the screen, keys such as `q` do nothing.
      const answer = fills ? (keys === '\x1b' ? left : '') : (answers[keys] ?? '')
      if (answer !== '') fills = !/jdb: \x1b\[m\x1b\[K$|# $/.test(answer)
      print(answer)
    },
  })
  print('/ # ')
  return console
}

test("Fiasco's debugger is entered by Escape, asked, and left again", async () => {
  const console = openFiasco()
  const jdb = jdbOn(console)
  await jdb.enter()
  const threads = await jdb.threads()
  expect(threads).toContainEqual({ id: '8', name: 'sigma0', priority: 1, ready: false })
  expect(threads).toContainEqual({ id: '6', name: undefined, priority: 0, ready: true })
  expect(await jdb.frame()).toMatchObject({
    ...{ id: '0x6', states: ['ready'], ip: '0xf000ff84', sp: '0xfcdfdf78' },
    trap: { vector: 3, name: 'Breakpoint', mode: 'kernel' },
    registers: { ebp: '0x00003800' },
    stop: false,
  })
  expect(await jdb.thread('3b')).toMatchObject({
    ...{ id: '0x3b', priority: '0x01', space: '0x31', trap: undefined },
    states: ['rcv_wait', 'fpu', 'vcpu'],
    // Of the program; the instruction there is drawn beside them.
    ...{ ip: '0x0010444a', sp: '0x00501f14' },
  })
  // By its bare id, a, jdb would ask for an address.
  expect(await jdb.thread('moe')).toMatchObject({ id: '0xa', space: '0x9', states: ['rcv_wait'] })
  const { rows } = (await jdb.memory(0x100000)) as Extract<Dump, { rows: unknown; kind: 'memory' }>
  expect(rows).toHaveLength(24)
  expect(rows[0]!.words.slice(0, 3)).toEqual(['0x464c457f', '0x03010101', '0x0'])
  expect(await jdb.memory(0xf0092d40)).toMatchObject({
    rows: expect.arrayContaining([
      { address: '0xf0092e20', words: expect.arrayContaining(['-1']) },
    ]),
  })
  await expect(jdb.thread('99')).rejects.toThrow(
    /^Expected the id or the name of a thread that jdb lists, found "99"\. It lists: .*\b8 sigma0\b/,
  )
  await expect(jdb.stopped({ within: 20 })).rejects.toThrow('within 20 ms')
  await jdb.continue()
  await console.waitFor('/ # ')
})

test('of a Fiasco that hangs the current thread and the list are asked for', async () => {
  const found = await interrogate(openFiasco(), fiascoProfile, { occasion: 'hung' })
  expect(found).toMatchObject([
    { system: 'fiasco', kind: 'thread', id: '0x6' },
    { system: 'fiasco', kind: 'threads' },
  ])
})

test('questions take no longer than they may on this host', async () => {
  const timing = { slowness: 0 }
  const asked = await interrogate(openFiasco(), fiascoProfile, { occasion: 'hung', timing })
  expect(asked).toEqual([])
})
