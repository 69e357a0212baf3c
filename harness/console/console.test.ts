import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pattern } from './wait.ts'
import { failureOf, openConsole, useConsoles } from '../test-tools/consoles.ts'

useConsoles()

test('gives the match with its line and its named groups', async () => {
  const { console, print } = openConsole()
  print('\r\x1b[1mIPC (63 MRs): 8537.67 cycles, 3.10us\x1b[0m\n\r')
  const match = await console.waitFor(/IPC \((?<registers>\d+) MRs\): (?<cycles>[\d.]+)/)
  expect(match).toMatchObject({
    text: 'IPC (63 MRs): 8537.67',
    line: 'IPC (63 MRs): 8537.67 cycles, 3.10us',
    groups: { registers: '63', cycles: '8537.67' },
  })
})

test('waits for what is yet to come', async () => {
  const { console, print } = openConsole()
  const wait = console.waitFor('Pingpong started')
  print('Pingpong')
  print(' started c8001\n')
  await expect(wait).resolves.toMatchObject({ text: 'Pingpong started' })
})

test('consumes up to the end of the match and no further', async () => {
  const { console, print } = openConsole()
  print('one two three\nfour\n')
  await console.waitFor('one')
  await expect(console.waitFor(/\w+/)).resolves.toMatchObject({ text: 'two' })
  await expect(console.waitFor(/^\w+/)).resolves.toMatchObject({ text: 'four' })
})

test('a RegExp is not content with half a word', async () => {
  const { console, printPiece } = openConsole()
  const wait = console.waitFor(/Launching (?<what>\w+)/)
  await printPiece('Launching k')
  await printPiece('ernel ...\n')
  await expect(wait).resolves.toMatchObject({ groups: { what: 'kernel' } })
})

test('nor when its deadline comes before the quiet moment', async () => {
  const { console, printPiece } = openConsole()
  const wait = failureOf(console.waitFor(/Launching (?<what>\w+)/, { within: 20 }))
  await printPiece('Launching k')
  await expect(wait).resolves.toMatchObject({ failure: 'deadline' })
})

test('a prompt without a line end matches after a quiet moment', async () => {
  const { console, print } = openConsole()
  print('login: ')
  await expect(console.waitFor(/login: $/)).resolves.toMatchObject({ text: 'login: ' })
})

test('a prompt that has stood there long enough needs no more time', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('login: ')
  await console.staysQuiet(60)
  await expect(console.waitFor(/login: $/, { within: 0 })).resolves.toMatchObject({
    line: 'login: ',
  })
})

test('a match tells when its line was seen', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('first\n')
  await console.staysQuiet(60)
  await printPiece('second\n')
  const first = await console.waitFor('first')
  const second = await console.waitFor('second')
  expect(second.at - first.at).toBeGreaterThanOrEqual(59)
})

test('a console that is to be quiet must not print', async () => {
  const { console, print, waits } = openConsole()
  await console.staysQuiet(30)
  const afterLineEnd = console.staysQuiet(30)
  print('\n\r')
  await afterLineEnd
  const wait = failureOf(console.staysQuiet(60_000))
  print('noise')
  const error = await wait
  expect(error).toMatchObject({ failure: 'printed', exitStatus: 1 })
  expect(error.message).toContain('herc did not stay quiet for 60.00 s.')
  expect(waits).toEqual([undefined, undefined, error])
})

test('a late kernel line glued to a prompt does not hide it', async () => {
  const { console, print } = openConsole()
  print('/ # clocksource: tsc: mask\n')
  await expect(console.waitFor('/ # ')).resolves.toMatchObject({ text: '/ # ' })
})

test('bytes that are no UTF-8 are one character each', async () => {
  const { console, print } = openConsole()
  print(Buffer.from([0x4c, 0x34, 0xe6, 0x4b, 0x00, 0xff, 0x0a]))
  await expect(console.waitFor('L4æK')).resolves.toMatchObject({ line: 'L4æK\0ÿ' })
})

test('a line of 200 kB is one line', async () => {
  const { console, print } = openConsole()
  const wait = console.waitFor(/^x{200000}done$/)
  for (let part = 0; part < 200; part++) print('x'.repeat(1000))
  print('done\n')
  expect((await wait).line).toHaveLength(200_004)
})

test('says what was awaited, how long, and what came instead', async () => {
  const { console, print, waits, transcript } = openConsole()
  print('\rKickStart 0.13.06\n\r\x1b[1mDetected\x1b[0m')
  const error = await failureOf(console.waitFor('Launching kernel', { within: 120 }))
  expect(error).toMatchObject({
    failure: 'deadline',
    code: 'BOOTSTAND_NOT_PRINTED',
    culprit: 'guest',
  })
  expect(error.message.replace(/waited [^)]+/, 'waited N')).toBe(
    `herc did not print "Launching kernel": it was not printed within 0.12 s (waited N).
The last lines of herc:
  | KickStart 0.13.06
  | ␛[1mDetected␛[0m
Whole transcript: ${transcript.path}`,
  )
  expect(waits).toEqual([error])
})

test('silence has a deadline of its own, which begins with the wait', async () => {
  const { console, printPiece } = openConsole()
  await printPiece('before\n')
  await console.staysQuiet(150)
  const started = performance.now()
  const wait = failureOf(console.waitFor('never', { silence: 120 }))
  for (let piece = 0; piece < 4; piece++) {
    await printPiece('.')
    await console.transcript.growth(console.transcript.size, { quiet: 60 })
  }
  const error = await wait
  expect(performance.now() - started).toBeGreaterThan(290)
  expect(error).toMatchObject({ failure: 'deadline' })
  expect(error.message).toMatch(
    /^herc did not print "never": it was not printed before nothing had come for 0\.12 s \(waited /,
  )
})

test('processor time has a deadline of its own', async () => {
  let used = 5_000
  const { console } = openConsole({ meter: { cpu: () => used } })
  const wait = failureOf(console.waitFor('never', { cpu: 900 }))
  await console.transcript.growth(0, { quiet: 100 })
  used += 901
  const error = await wait
  expect(error.message).toMatch(
    / was not printed within 0\.90 s of QEMU's processor time \(waited /,
  )
})

test('instructions that nobody counts are no deadline', async () => {
  const { console } = openConsole()
  await expect(console.waitFor('never', { instructions: 1_000 })).rejects.toThrow(
    'Expected a deadline that this machine can keep, found `instructions`: they are counted under the profiles',
  )
})

test.for([
  [{ within: 100 }, 'within 0.10 s'],
  [{ silence: 100 }, 'before nothing had come for 0.10 s'],
] as const)('%j stands still while the emulator cannot run', async ([options, reason]) => {
  let now = 70_000
  const { console: other } = openConsole()
  const { console } = openConsole({ meter: { cpu: () => undefined, time: () => now } })
  const look = async () => await other.staysQuiet(150)
  let isOver = false
  const wait = failureOf(console.waitFor('never', options)).finally(() => {
    isOver = true
  })
  await look()
  now += 99
  await look()
  expect(isOver).toBe(false)
  now += 1
  expect((await wait).message).toContain(`it was not printed ${reason} (waited `)
})

/** A clock that can stand still, as a guest's does while it has no processor. */
const stoppableClock = () => {
  let lost = 0
  let stoodAt: number | undefined
  return {
    time: () => (stoodAt ?? performance.now()) - lost,
    stop: () => {
      stoodAt = performance.now()
    },
    go: () => {
      lost += performance.now() - stoodAt!
      stoodAt = undefined
    },
  }
}

test('a guest that cannot run is not silent: half a word is none', async () => {
  const clock = stoppableClock()
  const { console: other } = openConsole()
  const { console, transcript, print, printPiece } = openConsole({
    meter: { cpu: () => undefined, ...clock },
  })
  const standStill = async () => {
    clock.stop()
    await other.staysQuiet(250)
  }
  /** Prints while the clock stands, so that no delay of this process counts as silence. */
  const printStanding = async (text: string) => {
    clock.stop()
    await printPiece(text)
    await other.staysQuiet(250)
  }
  const wait = console.waitFor(/value: (?<value>\d+)/)
  await printStanding('value: 12')
  await printPiece('34')
  clock.go()
  expect((await wait).groups).toEqual({ value: '1234' })

  const shown = console.waitToShow(/kernel \w+/)
  await printStanding('\nkernel \x1b[1mpa')
  await printPiece('nic')
  clock.go()
  expect((await shown).text).toBe('kernel panic')

  const stopped = failureOf(console.waitFor('never'))
  await printStanding('\n--- "KD# invalid opcode" ---\n')
  print('explains it\n')
  clock.go()
  expect((await stopped).message).toContain('explains it')

  const grew = transcript.growth(transcript.size, { quiet: 100 })
  await standStill()
  print('another\n')
  clock.go()
  expect(await grew).toBe(true)

  const quiet = failureOf(console.staysQuiet(100))
  await standStill()
  print('a late word')
  clock.go()
  expect((await quiet).message).toContain('did not stay quiet for 0.10 s')
})

test('instructions have a deadline of their own, which begins with the wait', async () => {
  let newest = { asked: 0, count: 5_000_000 }
  const meter = { cpu: () => undefined, instructions: () => newest }
  const { console, transcript } = openConsole({ meter })
  const count = async (executed: number) => {
    newest = { asked: performance.now(), count: 7_000_000 + executed }
    await transcript.growth(transcript.size, { quiet: 150 })
  }
  let isOver = false
  const wait = failureOf(console.waitFor('never', { instructions: 1_000 })).finally(() => {
    isOver = true
  })
  await count(0)
  await count(999)
  expect(isOver).toBe(false)
  await count(1_000)
  expect((await wait).message).toContain(
    'not printed within 1,000 instructions of the guest (waited ',
  )
})

test('a key that is no byte is refused, not cut', async () => {
  const { console, print, typed } = openConsole()
  print('# ')
  await console.waitFor('# ')
  await expect(console.type('echo 5 €')).rejects.toThrow(
    'Expected keys that are a byte each, found "echo 5 €": consoles are Latin-1.',
  )
  expect(typed).toEqual([])
})

test('what a guest puts into a stop text cannot steer a terminal', async () => {
  const { console, print } = openConsole({
    stops: [
      {
        ...{ id: 'panic', culprit: 'guest', outcome: 'crashed' },
        pattern: /^panic: (?<reason>.*)$/,
        meaning: 'it panicked: {reason}',
      },
    ],
  })
  print('panic: \x1b[2Jno \x07root\n')
  const { message } = await failureOf(console.waitFor('login: '))
  expect(message).toContain('it panicked: no ␇root')
})

test('a slow host waits longer, and says so', async () => {
  const { console } = openConsole({ slowness: 2.5 })
  const started = performance.now()
  const error = await failureOf(console.waitFor('never', { within: 100 }))
  expect(performance.now() - started).toBeGreaterThanOrEqual(249)
  expect(error.message).toContain('within 0.25 s (0.10 s, times 2.5 for this host) (waited ')
})

test('says so when nothing at all was printed', async () => {
  const { console } = openConsole()
  const error = await failureOf(console.waitFor(/./, { within: 60 }))
  expect(error.message).toContain('Nothing at all was printed on herc.')
})

test.for([
  ['PANIC: FAIL in line 167\n', 'kickstart-failure', 'bootset'],
  [' sigma0  PANIC: FAIL in line 162\n', 'kickstart-failure', 'bootset'],
  ['--- "KD# invalid opcode" ---\n\r', 'kernel-panic', 'guest'],
  ['--- "two\nlines" ---\n\r', 'kernel-debugger', 'guest'],
  ['\r\x1b[1m> \x1b[0m', 'kernel-debugger-prompt', 'guest'],
  ['Error 15: File not found\r\n\r\nPress any key to continue...', 'grub-error', 'bootset'],
] as const)('%j ends a wait at once', async ([text, id, culprit]) => {
  const { console, print } = openConsole()
  const wait = failureOf(console.waitFor('never', { within: 60_000 }))
  print(text)
  await expect(wait).resolves.toMatchObject({ failure: 'stop', culprit, stop: { id } })
})

test('what follows a stop text is read on, up to a silence', async () => {
  const { console, print, printPiece, transcript } = openConsole()
  print(Array.from({ length: 30 }, (_, line) => `before ${line}\n`).join(''))
  const wait = failureOf(console.waitFor('never', { within: 60_000 }))
  await printPiece('--- "KD# #GP" ---\n')
  for (let line = 0; line < 30; line++) {
    await printPiece(`register ${line}\n`)
    await transcript.growth(transcript.size, { quiet: 30 })
  }
  const { message } = await wait
  expect(message).not.toContain('before 18')
  expect(message).toContain('  | before 19\n')
  expect(message).toContain('  | --- "KD# #GP" ---\n  | register 0\n')
  expect(message).toContain('  | register 29\n')
})

test('a guest that never falls silent is not read on for ever', async () => {
  const { console, print } = openConsole()
  const started = performance.now()
  const wait = failureOf(console.waitFor('never', { within: 60_000 }))
  print('--- "KD# #GP" ---\n')
  const timer = setInterval(() => print('again\n'), 20)
  try {
    await expect(wait).resolves.toMatchObject({ failure: 'stop' })
  } finally {
    clearInterval(timer)
  }
  expect(performance.now() - started).toBeGreaterThan(1_900)
})

test('a scenario may await the very line that would end it', async () => {
  const { console, print } = openConsole()
  print('--- "KD# #GP" ---\n\r-------- (eip=f0118d60, esp=f0151000) ---\n\r\x1b[1m> \x1b[0m')
  await console.waitFor('--- "KD# #GP" ---')
  await expect(console.waitFor(/eip=(?<eip>\w+)/)).resolves.toMatchObject({
    groups: { eip: 'f0118d60' },
  })
  await expect(console.waitFor('> ')).resolves.toMatchObject({ line: '> ' })
})

test('the end of the machine ends a wait, after its last words', async () => {
  const { console, print, transcript } = openConsole()
  const seen = console.waitFor(/last \w+$/)
  print('last words')
  await transcript.close({ what: 'the guest reset the machine', culprit: 'guest' })
  await expect(seen).resolves.toMatchObject({ text: 'last words' })
  const error = await failureOf(console.waitFor('never'))
  expect(error).toMatchObject({ failure: 'ended', culprit: 'guest' })
  expect(error.message).toContain('the guest reset the machine')
})

test('a stop text on the rest of a line that was begun to be consumed ends a wait', async () => {
  const { console, printPiece } = openConsole()
  await printPiece(' sigma0  ')
  await console.waitFor('sigma0')
  const wait = failureOf(console.waitFor('never', { within: 60_000 }))
  await printPiece('PANIC: FAIL in line 162\n')
  await expect(wait).resolves.toMatchObject({ failure: 'stop', culprit: 'bootset' })
})

test('a wait that goes through much keeps its deadline', async () => {
  const { console, print } = openConsole()
  print('x'.repeat(63).concat('\n').repeat(300_000))
  const wait = console.waitFor(/^y+$/, { within: 60 })
  await expect(failureOf(wait)).resolves.toMatchObject({ failure: 'deadline' })
})

test('a second wait on one console is refused', async () => {
  const { console, print } = openConsole()
  const first = console.waitFor('one')
  await expect(console.waitFor('two')).rejects.toThrow(
    'herc is still waiting for "one"; found a second wait, for "two".',
  )
  print('one\n')
  await expect(first).resolves.toMatchObject({ line: 'one' })
})

test('what the loader echoes is not taken for what it loads, but its errors are seen', async () => {
  const { console, print } = openConsole({ begins: /^KickStart / })
  print('module /pingpong\r\n')
  const wait = console.waitFor('pingpong')
  print('KickStart 0.13.06\n\r roottask pingpong\n\r')
  await expect(wait).resolves.toMatchObject({ line: ' roottask pingpong' })
  const other = openConsole({ begins: /^KickStart / })
  other.print('module /pingpong\r\nError 15: File not found\r\n\r\nPress any key to continue...')
  const missed = failureOf(other.console.waitFor('pingpong'))
  await expect(missed).resolves.toMatchObject({ failure: 'stop', culprit: 'bootset' })
})

test('a signal ends a wait with its reason', async () => {
  const { console } = openConsole()
  const controller = new AbortController()
  const wait = failureOf(console.waitFor('never', { signal: controller.signal }))
  controller.abort(new Error('cancelled by the user'))
  expect((await wait).message).toBe('cancelled by the user')
})

test('keys are taken only after a prompt was seen', async () => {
  const { console, print, typed } = openConsole()
  await expect(console.type('1')).rejects.toThrow('expected a wait for a prompt before it')
  print('What now?\n')
  await console.waitFor('What now?')
  await console.type('q')
  await expect(console.type('q')).rejects.toMatchObject({ code: 'BOOTSTAND_TYPED_AHEAD' })
  expect(typed).toEqual(['q'])
})

test.for(['one\ntwo', '', '€', /.*/, /$/] as const)(
  '%j is refused as a pattern',
  async (pattern) => {
    const { console, print } = openConsole()
    print('one\n')
    await expect(console.waitFor(pattern)).rejects.toMatchObject({
      culprit: 'usage',
      exitStatus: 2,
    })
  },
)

test.for([-1, Number.NaN, Infinity])('%d is refused as a deadline', async (within) => {
  const { console } = openConsole()
  await expect(console.waitFor('x', { within })).rejects.toThrow('Expected a deadline of 0 to')
})

test('however a recording is cut into pieces, waits find the same', async () => {
  const recording = fs.readFileSync(
    path.join(import.meta.dirname, '../../fixtures/recordings/pistachio/01-pingpong-tcg.log'),
  )
  const patterns: Pattern[] = [
    /^KickStart (?<version>\S+)/,
    'Launching kernel ...',
    /built on (?<date>.*) by/,
    'Please select ipc type:',
    /^IPC \(63 MRs\): (?<cycles>[\d.]+) cycles/,
    'What now?',
  ]
  const matchesOf = async (pieces: readonly Buffer[]) => {
    const { console, printPiece } = openConsole()
    const found = (async () => {
      const lines: string[] = []
      for (const pattern of patterns) lines.push((await console.waitFor(pattern)).line)
      return lines
    })()
    for (const piece of pieces) await printPiece(piece)
    return await found
  }
  const whole = await matchesOf([recording])
  expect(whole[4]).toMatch(/^IPC \(63 MRs\)/)
  const cuts = fc.array(fc.nat(recording.length), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), recording.length]
      const pieces = edges.slice(1).map((edge, index) => recording.subarray(edges[index], edge))
      expect(await matchesOf(pieces)).toEqual(whole)
    }),
    { numRuns: 30 },
  )
})

test('the timed transcript holds the same bytes and the typed keys', async () => {
  const { console, print, transcript } = openConsole()
  print('menu\n')
  await console.waitFor('menu')
  await console.type('1')
  await transcript.close({ what: 'over', culprit: 'host' })
  const [header, ...events] = fs
    .readFileSync(transcript.castPath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
    // A busy host may not have looked in time, and says so.
    .filter((event) => !Array.isArray(event) || event[1] !== 'm')
  expect(header).toMatchObject({ version: 2 })
  expect(events).toEqual([
    [expect.any(Number), 'o', 'menu\n'],
    [expect.any(Number), 'i', '1'],
  ])
})

test('what must not come fails a wait only before its text in the same line', async () => {
  const { console, print } = openConsole()
  print('BUG one\ntwo BUG\n')
  await expect(failureOf(console.waitFor('one', { unless: 'BUG' }))).resolves.toMatchObject({
    failure: 'printed',
  })
  await console.waitFor('one')
  await expect(console.waitFor('two', { unless: 'BUG' })).resolves.toMatchObject({ text: 'two' })
})
