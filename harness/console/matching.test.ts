import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Console } from './console.ts'
import { Transcript } from './transcript.ts'
import type { WaitError } from './wait-error.ts'
import type { Pattern } from './wait.ts'

// The rules of docs/consoles.md, in its order.

let folder: string
let transcripts = 0

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-matching-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

/** What waits for some patterns, one after another, find in bytes that come in pieces and then end. */
const found = async (pieces: readonly (string | Uint8Array)[], ...patterns: Pattern[]) => {
  const file = path.join(folder, `${transcripts++}.out`)
  fs.writeFileSync(file, '')
  // On a clock that stands still no moment is quiet: an unfinished line stays so until the end.
  const transcript = new Transcript(file, 'herc', () => 0)
  const { signal } = new AbortController()
  const console = new Console({
    ...{ role: 'herc', transcript, stops: [], signal },
    send: async () => {},
    onWaited: () => {},
  })
  const waiting = (async () => {
    const matches: string[] = []
    for (const pattern of patterns) {
      const match = await console.waitFor(pattern).catch((error: unknown) => error as WaitError)
      matches.push('text' in match ? match.text : match.failure)
    }
    return matches
  })()
  for (const piece of pieces) {
    const { size } = transcript
    fs.appendFileSync(file, typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
    if (piece.length > 0) await transcript.growth(size)
    // Whoever waits looks at it before the next one comes.
    await nextTurn()
  }
  await transcript.close({ what: 'over', culprit: 'host' })
  return await waiting
}

describe('lines', () => {
  test.for(['\n', '\r\n', '\n\r', '\r\r\n'])('%j ends a line', async (end) => {
    expect(await found([`one${end}two${end}`], /^one$/, /^two$/)).toEqual(['one', 'two'])
  })

  test('a text stands within one line', async () => {
    expect(await found(['one\ntwo\n'], /one\s*two/)).toEqual(['ended'])
  })

  test('a carriage return within a line is none of its text', async () => {
    expect(await found(['10 %\r20 %\n'], '10 %20 %')).toEqual(['10 %20 %'])
  })

  test('a line of more than 256 KiB is taken as several', async () => {
    const line = 'x'.repeat(262_144)
    expect(await found([`${line}yes\n`], /^x+$/, /^yes$/)).toEqual([line, 'yes'])
  })
})

describe('escape sequences', () => {
  test.for([
    ['a colour', 'ker\x1b[1;31mnel pa\x1b[0mnic\n'],
    ['a cursor move', '\x1b[4;2Hkernel \x1b[Kpanic\n'],
    ['a title', '\x1b]0;xterm\x07kernel panic\n'],
    ['a character set', 'kernel\x1b(B panic\x1b=\n'],
  ] as const)('%s within a word hides nothing', async ([, text]) => {
    expect(await found([text], /^kernel panic$/)).toEqual(['kernel panic'])
  })

  test('one that has not come to its end is no text yet', async () => {
    expect(await found(['ker\x1b[1', 'mnel'], '1', 'kernel')).toEqual(['ended', 'kernel'])
  })
})

describe('bytes', () => {
  test('each is a character, NUL and broken UTF-8 too', async () => {
    const bytes = Buffer.from([0x4c, 0x00, 0x34, 0xff, 0xc3, 0x0a])
    expect(await found([bytes], 'L\x004ÿÃ')).toEqual(['L\x004ÿÃ'])
  })

  test('UTF-8 is awaited by its bytes', async () => {
    const text = Buffer.from('Grüße')
    expect(await found([text], text.toString('latin1'))).toEqual([text.toString('latin1')])
  })
})

describe('unfinished lines', () => {
  test('a text matches at once, a RegExp when the line is over', async () => {
    expect(await found(['login', ': ', 'root'], 'login: ')).toEqual(['login: '])
    expect(await found(['Launching k', 'ernel\n'], /Launching \w+/)).toEqual(['Launching kernel'])
  })

  test('a line glued to a prompt does not hide it, but from a $', async () => {
    const glued = '/ # clocksource: tsc\n'
    expect(await found([glued], '/ # ')).toEqual(['/ # '])
    expect(await found([glued], /^\/ # /)).toEqual(['/ # '])
    expect(await found([glued], /\/ # $/)).toEqual(['ended'])
  })
})

/** Texts, line ends, escape sequences whole and in parts, and any bytes. */
const noise = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'ab1;m[]\\(\r\n\x1b\x07\0'.split('')) },
  { weight: 3, arbitrary: fc.constantFrom('\x1b[1;1m', '\x1b]1;a\x07', '\x1b]b\x1b\\', '\x1b(B') },
  { weight: 1, arbitrary: fc.nat(255).map((code) => String.fromCodePoint(code)) },
)
const patterns = fc.array(
  fc.constantFrom<Pattern>(
    'a',
    'ab',
    'ba',
    '1',
    'a1',
    'm',
    '\0',
    /a+/,
    /^b/,
    /b$/,
    /[^a]b?/,
    /m.*/,
  ),
  { minLength: 1, maxLength: 6 },
)

test('however any bytes are cut into pieces, waits find the same', async () => {
  const bytes = fc
    .array(noise, { maxLength: 40, size: 'max' })
    .map((it) => Buffer.from(it.join(''), 'latin1'))
  const cuts = fc.array(fc.nat(80), { maxLength: 12, size: 'max' })
  await fc.assert(
    fc.asyncProperty(bytes, cuts, patterns, async (text, places, awaited) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), text.length]
      const pieces = edges.slice(1).map((edge, index) => text.subarray(edges[index], edge))
      expect(await found(pieces, ...awaited)).toEqual(await found([text], ...awaited))
    }),
    { numRuns: 150 },
  )
})
