import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dumpsIn, type Dump } from './dumps-in.ts'
import { inventedIn } from './invented.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'

const folder = path.join(import.meta.dirname, '../../fixtures/recordings')
const recordings = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:log|raw)$/.test(name))
  .toSorted()
  .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), 'latin1') }))

/** What is read of each stands beside it, and was compared with it by eye. */
test.for(recordings)('$name is read as NAME.dumps.json says', async ({ name, text }) => {
  await expect(`${JSON.stringify(dumpsIn(text), null, 2)}\n`).toMatchFileSnapshot(
    path.join(folder, name.replace(/\.\w+$/, '.dumps.json')),
  )
})

test('the recordings show sixty stops of six systems', () => {
  const stops = recordings.flatMap(({ text }) => stopsIn(dumpsIn(text)))
  const systems = new Set(stops.map(({ system }) => system))
  expect(stops.length).toBeGreaterThanOrEqual(60)
  expect(systems.size).toBeGreaterThanOrEqual(6)
})

/** Several dumps one behind the other tell of one stop. */
const stopsIn = (dumps: readonly Dump[]): readonly Dump[] =>
  dumps
    .filter(({ stop }) => stop)
    .filter(({ at }, index, all) => {
      const before = all[index - 1]
      return before === undefined || at.first > before.at.last + 1
    })

test('a dump knows its type by its system and kind', () => {
  const text = fs.readFileSync(path.join(folder, 'pistachio/kdb-rt-pf-high.log'), 'latin1')
  const faults = dumpsIn(text).flatMap((dump) =>
    dump.system === 'pistachio' && dump.kind === 'debugger-entry' ? [dump.fault?.address] : [],
  )
  expect(faults).toStrictEqual(['0xf0100000', '0xf0100000'])
})

const cut = fc
  .record({
    recording: fc.constantFrom(...recordings),
    from: fc.nat(20_000),
    length: fc.nat(6000),
  })
  .map(({ recording: { text }, from, length }) => {
    const start = from % Math.max(1, text.length)
    return text.slice(start, start + length)
  })

/** A piece of a recording with bytes lost, doubled and replaced, as a bad line gives them. */
const garbled = fc
  .tuple(
    cut,
    fc.array(
      fc.record({
        at: fc.nat(6000),
        lost: fc.nat(40),
        put: fc.oneof(
          fc.string({ maxLength: 6 }),
          fc.constantFrom('\n', '\r', '\n\r', '\x1b[', '(XEN) ', '0', 'f', ' ', '"', '#'),
        ),
      }),
      { maxLength: 12 },
    ),
  )
  .map(([text, damages]) => {
    let result = text
    for (const { at, lost, put } of damages)
      result = `${result.slice(0, at)}${put}${result.slice(at + lost)}`
    return result
  })

/** The lines of two systems that share a console. */
const mixed = fc
  .tuple(cut, cut, fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }))
  .map(([one, other, turns]) => {
    const queues = [one.split('\n'), other.split('\n')] as const
    const lines: string[] = []
    for (let turn = 0; queues[0].length + queues[1].length > 0; turn += 1) {
      const next = queues[turns[turn % turns.length] === true ? 0 : 1]
      lines.push(...(next.length > 0 ? next : queues.find((it) => it.length > 0)!).splice(0, 1))
    }
    return lines.join('\n')
  })

const anyText = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 400 }) },
  { weight: 3, arbitrary: cut },
  { weight: 6, arbitrary: garbled },
  { weight: 3, arbitrary: mixed },
)

describe('whatever the text is', () => {
  test('no parser throws or invents', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const dump of dumpsIn(text)) expect(inventedIn(dump, text)).toStrictEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('a number that a lost line end has made longer is not cut to size', () => {
    const block = [
      '=== TCB: e0019000 === ID: 000c8001 = bf000100/f0163000=== PRIO: 255 ======== ===',
      'UIP: 00400104   queues: Rswl      wait : NIL_THRD:NIL_THRD   space: f\r00404fd8',
    ]
    const text = `showtcb\ntcb/tid/name [current]: current\n${block.join('\n')}\n`
    for (const dump of dumpsIn(text)) expect(inventedIn(dump, text)).toStrictEqual([])
    expect(dumpsIn(text)).toMatchObject([{ kind: 'thread', space: undefined }])
  })

  test('of a whole recording nothing is invented', () => {
    for (const { name, text } of recordings)
      for (const dump of dumpsIn(text)) expect(inventedIn(dump, text), name).toStrictEqual([])
  })

  test('dumps stand in order, inside the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const count = text.split('\n').length
        let last = 0
        for (const { at } of dumpsIn(text)) {
          expect(at.first).toBeGreaterThanOrEqual(1)
          expect(at.last).toBeGreaterThanOrEqual(at.first)
          expect(at.last).toBeGreaterThan(last)
          expect(at.last).toBeLessThanOrEqual(count)
          last = at.last
        }
      }),
      { numRuns: 100 },
    )
  })
})

const lineStarts = [
  ...['PANIC: FAIL in line 163', 'Error 15: File not found', '--- "KD# x', '--- "KD# x" ---'],
  ...['\x1b[1m> \x1b[0m', 'xx\x1b[1m> \x1b[0m', '> ', 'Kernel Interface Page:'],
  ...['Assertion a failed in file b, line 1 (fn=1', 'Kernel panic: x', 'Call Trace:', 'CPU: 0'],
  ...['WARNING: CPU: 0 PID: 1 at x:1 ', 'db> trace', 'f(0,0)', 'cs 0x8', 'Panic on CPU 0:'],
  ...['00400000  04244c8d fff0e483 8955fc71 535657e5   ....', '00400000: 4MB [root] (f0156004)'],
  ...['00400000 [0016a027]: tree=f016a000', 'KickStart 0', ' kernel  (0x', '\x1b[1;1H', 'a'],
  ...['    TASK	THREADS', '(XEN) ', '[    1.000000] ', 'Generic BootInfo @ 00808000', '[1] x'],
  ...['=== TCB: e0019000 === ID: 000c8001 = bf000100/f0163000', 'mr(00): 00000000', 'CPU 0 [f0'],
  ...[
    'Assertion failed at a.cpp:1:',
    'Panic: x',
    'EAX 00000000 ',
    'DOUBLE FAULT!',
    'RAX 0000000000000000 ',
  ],
  ...["Assertion failed: 'a'", 'KERNEL: Warning: f0001000 killed:'],
]

test.for(lineStarts)('a flood of lines with %j takes no time', async (start) => {
  const long = [' ', 'a', '0', '(', '/', '-', 'x ', '0 ', ','].map(
    (fill) => start + fill.repeat((4090 - start.length) / fill.length),
  )
  const flood = `${start}\n`.repeat(20_000) + `${long.join('\n')}\n`.repeat(20)
  expect(await processorTimeOf(() => dumpsIn(flood))).toBeLessThan(5000)
})
