import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grubStops } from '../kernel/grub.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { boxed } from './screen-image.ts'
import { failureOf, openConsole, useConsoles } from '../test-tools/consoles.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'

useConsoles()

const recording = (name: string): Buffer =>
  fs.readFileSync(path.join(import.meta.dirname, '../../fixtures/recordings', name))

/** The screen after some bytes. */
const screenAfter = async (bytes: string | Buffer) => {
  const { console, printPiece } = openConsole()
  await printPiece(bytes)
  return await console.screen.look()
}

/** A recording up to where a text begins. */
const upTo = (name: string, text: string): Buffer => {
  const bytes = recording(name)
  const end = bytes.indexOf(text)
  expect(end).toBeGreaterThan(0)
  return bytes.subarray(0, end)
}

test("GRUB's menu stands there as it was drawn", async () => {
  const image = await screenAfter(upTo('grub-legacy/menu-drawn.log', '\x1b[H\x1b[J  Booting'))
  expect(`\n${boxed(image).join('\n')}\n`).toBe(`
  ┌────────────────────────────────────────────────────────────────────────────┐
  │                                                                            │
  │    GNU GRUB  version 0.97  (639K lower / 64384K upper memory)              │
  │                                                                            │
  │ +-------------------------------------------------------------------------+│
▶ │ | a                                                                       |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ |                                                                         |│
  │ +-------------------------------------------------------------------------+│
  │    Use the ^ and v keys to select which entry is highlighted.              │
  │    Press enter to boot the selected OS, 'e' to edit the                    │
  │    commands before booting, or 'c' for a command-line.                     │
  └────────────────────────────────────────────────────────────────────────────┘
`)
  expect(image.highlighted).toEqual([4])
  expect(image.cursor).toEqual({ row: 4, column: 74 })
})

test("Fiasco's list of threads stands there as it was drawn", async () => {
  const bytes = upTo(
    'fiasco/l4linux-jdb.log',
    '\x1b[1;25r\x1b[25;1H\x1b[32mjdb: \x1b[m\x1b[K\x1b[Ks',
  )
  const { lines, cursor } = await screenAfter(bytes)
  expect(lines.slice(0, 3)).toEqual([
    '   id  cpu    name             pr     sp  wait    to state',
    '   32   0     -----            ff     31     -       rcv_wait',
    '   35   0     -----             2     31     -       rcv_wait',
  ])
  expect(lines[10]).toBe('    8   0     sigma0            1      7     -       rcv_wait')
  expect(lines[24]).toBe(
    'present list: (space-sorted)                            <Space>=mode <CR>=select',
  )
  // It stands on the line that is selected.
  expect(cursor).toEqual({ row: 11, column: 5 })
})

test('in pieces of any size, looked at any time, a screen comes out the same', async () => {
  const bytes = Buffer.concat([
    recording('grub-legacy/menu-drawn.log'),
    recording('fiasco/l4linux-jdb.log'),
  ])
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 3000),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.boolean()), { maxLength: 8 }),
      async (start, pieces) => {
        const part = bytes.subarray(start, start + 3000)
        const { console, printPiece } = openConsole()
        let printed = 0
        for (const [length, looks] of pieces) {
          await printPiece(part.subarray(printed, printed + length))
          printed = Math.min(printed + length, part.length)
          if (looks) await console.screen.look()
        }
        await printPiece(part.subarray(printed))
        expect(await console.screen.look()).toEqual(await screenAfter(part))
      },
    ),
    { numRuns: 25 },
  )
})

test('a megabyte of noise breaks nothing, and the next screen is whole', async () => {
  const noise = Buffer.alloc(1_000_000)
  let state = 1
  for (let at = 0; at < noise.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    noise[at] = state >>> 16
  }
  const { console, printPiece } = openConsole()
  await printPiece(noise)
  const { lines } = await console.screen.look()
  expect(lines).toHaveLength(25)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  // RIS, as a terminal is reset by hand.
  await printPiece('\x1bc\x1b[2;3Hstill here')
  await expect(console.screen.text()).resolves.toBe('\n  still here')
})

test.for([
  ['\x1b[5;', '3Hx', '\n\n\n\n  x'],
  ['a\x1b', '[Kb', 'ab'],
  ['a\x1b[999;999', 'Hb\x1b[Hc', 'c' + '\n'.repeat(24) + ' '.repeat(79) + 'b'],
  ['a\x1b[?', '\x1b[1mb', 'ab'],
  // An operating system command that never ends, but for the next sequence.
  ['a\x1b]0;title', ' of it\x1b[Kb', 'ab'],
  ['a\x1b[1;2\x18b', 'c', 'abc'],
  ['a\0b\x07', '\x7fc', 'abc'],
] as const)('%j, cut there, then %j', async ([first, second, text]) => {
  const { console, printPiece } = openConsole()
  await printPiece(first)
  await console.screen.look()
  await printPiece(second)
  await expect(console.screen.text()).resolves.toBe(text)
})

test('bytes above 7F are one cell each', async () => {
  // In UTF-8 it would be two characters; as a control character of eight bits it would eat the rest.
  const { lines } = await screenAfter(Buffer.from([0xc4, 0xbf, 0x9b, 0x33, 0x4b, 0xe6, 0x0a, 0x41]))
  expect(lines.slice(0, 2)).toEqual(['Ä¿\ufffd3Kæ', 'A'])
})

test('a wait is met by what stands there, and consumes nothing', async () => {
  const { console, printPiece, waits } = openConsole()
  await printPiece('\x1b[H\x1b[J\x1b[7m\x1b[5;3H Linux \x1b[m')
  const match = await console.waitToShow(/(?<title>\w+)/)
  expect(match).toEqual({ text: 'Linux', line: '   Linux', groups: { title: 'Linux' }, row: 4 })
  await console.waitToShow('Linux', { within: 0 })
  await console.waitFor('Linux')
  expect(waits).toEqual([undefined, undefined, undefined])
})

test('a wait ends when the screen has been drawn', async () => {
  const { console, printPiece } = openConsole()
  const wait = console.waitToShow('ned')
  await printPiece('\x1b[3;1H   1f   0     n')
  await printPiece('\x1b[1;1H id')
  await printPiece('\x1b[3;16Hed')
  await expect(wait).resolves.toMatchObject({ row: 2 })
})

test('what is no longer there is not shown', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('GNU GRUB\x1b[H\x1b[J  Booting')
  const error = await failureOf(console.waitToShow('GNU GRUB', { within: 60 }))
  expect(error).toMatchObject({ failure: 'not-shown', code: 'BOOTSTAND_NOT_SHOWN' })
})

test('a RegExp is not content with half a word where the cursor is', async () => {
  const { console, printPiece } = openConsole()
  const wait = console.waitToShow(/Launching (?<what>\w+)/)
  await printPiece('Launching k')
  await printPiece('ernel')
  await expect(wait).resolves.toMatchObject({ groups: { what: 'kernel' } })
})

test('a prompt may end in a blank', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('\x1b[25;1Hjdb: ')
  await expect(console.waitToShow('jdb: ')).resolves.toMatchObject({ line: 'jdb:', row: 24 })
  await console.type('g')
})

test('keys need a new wait after each other', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('menu')
  await expect(console.type('\r')).rejects.toMatchObject({ code: 'BOOTSTAND_TYPED_AHEAD' })
  await console.waitToShow('menu')
  await console.type('\r')
  await expect(console.type('\r')).rejects.toMatchObject({ code: 'BOOTSTAND_TYPED_AHEAD' })
})

test('says what was awaited, and shows the screen', async () => {
  const { console, printPiece, waits, transcript } = openConsole()
  await printPiece('\x1b[2;3Hpresent\x1b[3;2H\x1b[7m moe \x1b[m')
  const error = await failureOf(console.waitToShow(/ned/, { within: 60 }))
  expect(error).toMatchObject({ failure: 'not-shown', culprit: 'guest', exitStatus: 1 })
  expect(error.message.replace(/waited [^)]+/, 'waited N')).toBe(
    `herc did not show /ned/: it was not shown within 60 ms (waited N).
The screen of herc:
  ┌─────────┐
  │         │
  │  present│
▶ │  moe    │
  └─────────┘
Whole transcript: ${transcript.path}`,
  )
  expect(waits).toEqual([error])
})

test('says so when the screen is blank', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('gone\x1b[H\x1b[J')
  const error = await failureOf(console.waitToShow('x', { within: 60 }))
  expect(error.message).toContain('The screen of herc is blank.\nThe last lines of herc:\n  | gone')
})

test('a stop text ends a wait at once, and is on the screen that it shows', async () => {
  const { console, printPiece } = openConsole()
  const wait = failureOf(console.waitToShow('never', { within: 60_000 }))
  await printPiece(recording('grub-legacy/menu-drawn.log'))
  const error = await wait
  expect(error).toMatchObject({
    failure: 'stop',
    culprit: 'bootset',
    stop: { id: 'grub-error' },
  })
  expect(error.message).toContain('│Error 15: File not found ')
})

test('a stop text that was awaited on the screen ends no later wait', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('Error 15: File not found\r\n\r\nPress any key to continue...')
  await console.waitToShow('Error 15')
  await console.waitToShow('Press any key')
  await expect(console.waitFor('Press any key')).resolves.toMatchObject({
    line: 'Press any key to continue...',
  })
  const wait = failureOf(console.waitToShow('never', { within: 60_000 }))
  await printPiece(
    '\r\nError 1: Filename must be an absolute pathname\r\n\r\nPress any key to continue...',
  )
  await expect(wait).resolves.toMatchObject({
    stop: { meaning: expect.stringContaining('GRUB stopped with error 1 ') },
  })
})

test('a wait ends with the machine, after a last look', async () => {
  const { console, printPiece, transcript } = openConsole()
  const wait = failureOf(console.waitToShow('never', { within: 60_000 }))
  await printPiece('last words')
  await transcript.close({ what: 'the guest was reset', culprit: 'guest' })
  const error = await wait
  expect(error).toMatchObject({ failure: 'ended', culprit: 'guest' })
  expect(error.message).toContain('│last words│')
  await expect(console.waitToShow('last words')).resolves.toMatchObject({ row: 0 })
})

test('a signal ends a wait', async () => {
  const controller = new AbortController()
  const { console } = openConsole({ signal: controller.signal })
  const wait = expect(console.waitToShow('never')).rejects.toThrow('the test is over')
  controller.abort(new Error('the test is over'))
  await wait
})

test("the loader's own screen proves nothing, unless one begins there", async () => {
  const text = 'kernel /kickstart\r\nmodule /sigma0\r\n'
  const loader = openConsole()
  await loader.printPiece(text)
  await expect(loader.console.waitToShow('sigma0')).resolves.toMatchObject({ row: 1 })
  const { console, printPiece } = openConsole({
    stops: [...grubStops(), ...pistachioProfile.stops],
    begins: pistachioProfile.begins,
  })
  await printPiece(text)
  await failureOf(console.waitToShow('sigma0', { within: 60 }))
  await printPiece('KickStart 0.13.06\n\r')
  await failureOf(console.waitToShow('sigma0', { within: 60 }))
  await printPiece('Creating sigma0 (c8000)\n\r')
  await expect(console.waitToShow('sigma0')).resolves.toMatchObject({ row: 1 })
})

test('a deadline holds while much is taken in', async () => {
  const { console, printPiece } = openConsole()
  await printPiece(Buffer.alloc(20_000_000, '\x1b[1;1Hnoise\x1b[K\r\n'))
  let error: unknown
  const time = await processorTimeOf(async () => {
    error = await failureOf(console.waitToShow('never', { within: 200 }))
  })
  // All of it takes several times as long.
  expect(time).toBeLessThan(600)
  expect(error).toMatchObject({ failure: 'not-shown' })
  expect((error as Error).message).toMatch(/^The screen of herc \([\d.]+ MiB before the end\)/m)
})

test('who looks meanwhile shares what was taken in', async () => {
  const { console, printPiece } = openConsole()
  await printPiece(`${'0123456789'.repeat(20_000)}\r\nend`)
  const looks = await Promise.all([console.screen.look(), console.screen.look()])
  expect(looks[0]).toEqual(looks[1])
  expect(looks[0].lines.at(-1)).toBe('end')
})
