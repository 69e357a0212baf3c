import { expect, test } from 'vitest'
import type { Examination, Sample } from '../target/examination.ts'
import { judgeHang, type HangFacts, type SeenPrompt } from './hang.ts'
import { seenProcessors } from './sampled-places.ts'

const user: Sample = { processor: 0, address: 0x400812, ring: 3, halted: false, interruptsOn: true }
const times = (count: number, sample: Partial<Sample>): Sample[] =>
  Array.from({ length: count }, () => ({ ...user, ...sample }))

const map = {
  find: (address: number, ring: number) =>
    ring === 3 ? [{ image: 'rt-spin', symbol: 'main', offset: address - 0x400800 }] : [],
}

const prompt = (kind: SeenPrompt['kind'], role = 'herc'): SeenPrompt => ({
  ...{ kind, role, line: '\r\x1b[1m> \x1b[0m' },
})

/** A guest that spins and has printed nothing for 5 s, unless other facts are given. */
const judgeFacts = (facts: Partial<HangFacts>, seen: Partial<Examination> = {}) => {
  const examination: Examination = {
    process: 'S',
    emulatorTime: 150,
    withheld: { waited: 5, throttled: 0, stolen: 0 },
    status: 'running',
    samples: times(32, {}),
    span: 140,
    interrupts: 14,
    freeSpace: 1e9,
    took: 150,
    ...seen,
  }
  const { outcome, culprit, evidence } = judgeHang({
    examination,
    processors: seenProcessors(examination.samples, map),
    names: ({ image, symbol, offset }) => `${image}, ${symbol}+0x${offset!.toString(16)}`,
    role: 'herc',
    lastLine: 'spinning',
    prompt: undefined,
    silence: 5_000,
    printed: false,
    prints: false,
    begun: true,
    typed: false,
    readsKeys: undefined,
    ...facts,
  })
  return [outcome, culprit, evidence.sentence]
}

test('a guest that goes round in a loop spins, and the loop is named', () => {
  const samples = [...times(20, {}), ...times(12, { address: 0x400815 })]
  expect(judgeFacts({}, { samples })).toEqual([
    'spinning',
    'guest',
    'The guest spins: 32 of 32 samples at 0x00400812..0x00400815 (rt-spin, main+0x12).',
  ])
})

test('a few samples in interrupts change nothing, many do', () => {
  const elsewhere = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...user, address: 0x500000 + index * 4096 }))
  const spins = judgeFacts({}, { samples: [...times(29, {}), ...elsewhere(3)] })
  expect(spins[0]).toBe('spinning')
  expect(spins[2]).toContain('29 of 32 samples at 0x00400812 (')
  const works = judgeFacts({}, { samples: [...times(16, {}), ...elsewhere(16)] })
  expect(works).toEqual([
    'silent',
    'guest',
    'The guest is alive but silent: it runs (16 of 32 samples at 0x00400812 (rt-spin, main+0x12), 14 interrupts of devices came in 0.14 s), and herc has printed nothing for 5.00 s.',
  ])
})

test('hlt is for ever with interrupts off, and idleness with interrupts on', () => {
  const off = times(32, { address: 0xf0101a12, ring: 0, halted: true, interruptsOn: false })
  // Neither a prompt nor a print would be answered any more.
  expect(judgeFacts({ prompt: prompt('debugger'), prints: true }, { samples: off })).toEqual([
    'halted',
    'guest',
    'The guest has halted with interrupts off, which is for ever: 32 of 32 samples at hlt at 0xf0101a12.',
  ])
  const on = off.map((it) => ({ ...it, interruptsOn: true }))
  expect(judgeFacts({}, { samples: on })).toEqual([
    'silent',
    'guest',
    'The guest is alive but silent: it idles, with interrupts on (32 of 32 samples at hlt at 0xf0101a12, 14 interrupts of devices came in 0.14 s), and herc has printed nothing for 5.00 s.',
  ])
})

const idle: Partial<Sample> = { address: 0xf0101a12, ring: 0, halted: true }
const on = (processor: number, sample: Partial<Sample>) => times(32, { processor, ...sample })
const everywhere = (processor: number) =>
  Array.from({ length: 32 }, (_, at) => ({ ...user, processor, address: 0x500000 + at * 4096 }))

test.for([
  [
    'one spins, others idle',
    [...on(0, idle), ...on(1, {}), ...on(2, idle), ...on(3, idle)],
    'spinning',
    'The guest spins on processor 1: processors 0, 2, 3 in 32 of 32 samples at hlt at 0xf0101a12; processor 1 in 32 of 32 samples at 0x00400812 (rt-spin, main+0x12).',
  ],
  [
    'one spins, another was never started',
    [...on(0, {}), ...on(1, { ...idle, address: 0xfd0d4, interruptsOn: false })],
    'spinning',
    'The guest spins on processor 0: processor 0 in 32 of 32 samples at 0x00400812 (rt-spin, main+0x12); processor 1 not started by the guest, in 32 of 32 samples at hlt at 0x000fd0d4.',
  ],
  [
    'one has halted, another idles',
    [...on(0, { ...idle, interruptsOn: false }), ...on(1, idle)],
    'silent',
    'The guest is alive but silent: it idles, with interrupts on (processor 0 with interrupts off in 32 of 32 samples at hlt at 0xf0101a12; processor 1 in 32 of 32 samples at hlt at 0xf0101a12, 14 ',
  ],
  [
    'one waits in a loop for what another does',
    [...on(0, {}), ...everywhere(1)],
    'silent',
    'The guest is alive but silent: it runs (processor 0 in 32 of 32 ',
  ],
  [
    'all have halted',
    [...on(0, { ...idle, interruptsOn: false }), ...on(1, { ...idle, interruptsOn: false })],
    'halted',
    'The guest has halted with interrupts off, which is for ever: processors 0, 1 with interrupts off in 32 of 32 samples at hlt at 0xf0101a12.',
  ],
] as const)('of several processors, %s', ([, samples, outcome, words]) => {
  const [found, , sentence] = judgeFacts({}, { samples })
  expect(found).toBe(outcome)
  expect(sentence).toContain(words)
})

test('a processor that reads keys or is stuck is found beside one that idles', () => {
  const samples = [...on(0, idle), ...on(1, {})]
  expect(judgeFacts({ readsKeys: /^main$/ }, { samples })[0]).toBe('waiting-for-input')
  const asked = { prompt: prompt('input'), typed: true }
  expect(judgeFacts(asked, { samples })[0]).toBe('spinning')
})

test('a host that runs none of the processors that want to run is to blame', () => {
  const samples = [...on(0, { ...idle, interruptsOn: false }), ...on(1, {})]
  expect(judgeFacts({}, { samples, emulatorTime: 20 })[0]).toBe('host-failed')
  const idling = [...on(0, idle), ...on(1, idle)]
  expect(judgeFacts({}, { samples: idling, emulatorTime: 0 })[0]).toBe('silent')
})

test('a program that spins behind its prompt does not wait for keys, unless it reads them there', () => {
  const asked = { prompt: prompt('input'), typed: true }
  expect(judgeFacts(asked)[0]).toBe('spinning')
  expect(judgeFacts({ ...asked, readsKeys: /^main$/ })[0]).toBe('waiting-for-input')
  expect(judgeFacts({ ...asked, typed: false })[0]).toBe('waiting-for-input')
})

test.for([
  false, // nothing at all
  true, // only on another console
])('an idle guest that has never printed here may print elsewhere (begun: %s)', (begun) => {
  const samples = times(32, { address: 0xf0101a12, ring: 0, halted: true })
  const [outcome, culprit, sentence] = judgeFacts({ begun, lastLine: undefined }, { samples })
  expect([outcome, culprit]).toEqual(['silent', 'bootset'])
  expect(sentence).toContain(
    'herc has printed nothing at all. It may print elsewhere: see its console=',
  )
})

test.for([
  ['debugger', false, 'waiting-in-debugger', 'guest'],
  ['input', false, 'waiting-for-input', 'usage'],
  ['input', true, 'waiting-for-input', 'guest'],
  ['loader', false, 'waiting-in-loader', 'bootset'],
] as const)('behind a prompt of kind %s (typed: %s): %s', ([kind, typed, outcome, culprit]) => {
  const samples = times(32, { halted: true })
  const [found, who, sentence] = judgeFacts({ prompt: prompt(kind), typed }, { samples })
  expect([found, who]).toEqual([outcome, culprit])
  expect(sentence).toContain('its last line is "␛[1m> ␛[0m"')
  expect(sentence!.includes('has not answered the keys')).toBe(typed)
})

test('a routine that reads keys proves that a program waits for them', () => {
  expect(judgeFacts({ readsKeys: /^main$/ })[0]).toBe('waiting-for-input')
})

test('below 1 MiB, before anything that was booted has printed, it is the loader', () => {
  const samples = times(32, { address: 0xfd184, ring: 0 })
  expect(judgeFacts({ begun: false }, { samples })[0]).toBe('waiting-in-loader')
  expect(judgeFacts({ begun: true }, { samples })[0]).toBe('spinning')
})

test.for([
  ['a program in ring 3', { address: 0xfd184, ring: 3 }],
  ['the first address above', { address: 0x10_0000, ring: 0 }],
] as const)('%s is no loader', ([, sample]) => {
  expect(judgeFacts({ begun: false }, { samples: times(32, sample) })[0]).toBe('spinning')
})

test('who prints does not hang', () => {
  expect(judgeFacts({ prints: true }, { samples: [], status: undefined })[0]).toBe('still-printing')
  expect(judgeFacts({ prints: true, prompt: prompt('input'), silence: 3 })).toEqual([
    'still-printing',
    'guest',
    'The guest still prints on herc, the last time 3 ms ago: not what was awaited, or not yet.',
  ])
  const samples = times(32, { halted: true })
  const paused = { printed: true, silence: 700 }
  expect(judgeFacts(paused, { samples })[0]).toBe('still-printing')
  expect(judgeFacts({ ...paused, silence: 1_700 }, { samples })[0]).toBe('silent')
})

test.for([
  [
    { freeSpace: 0 },
    'host-failed',
    "The run folder's disk is full (nothing is left), so what the guest prints on herc is lost.",
  ],
  [
    { process: 'T', status: undefined },
    'host-failed',
    'QEMU was stopped by a signal (its process is in state T), so the guest does not run.',
  ],
  [
    { emulatorTime: 20, took: 1_100 },
    'host-failed',
    'The host gave QEMU 20 ms of processor time in 1.10 s, so the guest hardly runs.',
  ],
  [
    { status: 'io-error' },
    'host-failed',
    'QEMU paused the machine: the host failed to read or write its disk.',
  ],
  [{ process: undefined, status: undefined }, 'emulator-failed', "QEMU's process is gone."],
  [
    { status: undefined, took: 1_000 },
    'emulator-failed',
    'QEMU did not answer within 1.00 s (its process is in state S).',
  ],
  [
    { status: 'paused' },
    'emulator-failed',
    'QEMU does not run the guest: it says that it is paused.',
  ],
] as const)('the host is to blame for %o', ([seen, outcome, sentence]) => {
  const samples = 'status' in seen ? [] : times(32, {})
  expect(judgeFacts({}, { samples, ...seen })).toEqual([outcome, 'host', sentence])
})

test('a prompt on another console is told with its console', () => {
  const [outcome, , sentence] = judgeFacts({ prompt: prompt('input', 'ttyS1') })
  expect(outcome).toBe('waiting-for-input')
  expect(sentence).toContain('The guest waits for input: the last line of ttyS1 is "')
})

test.for([
  ['spins', {}],
  ['has halted', { halted: true, interruptsOn: false }],
  ['idles', { halted: true }],
] as const)('a guest of which too few samples say that it %s is not judged', ([, sample]) => {
  const busy = { took: 5_000, withheld: { waited: 4_100, throttled: 3_900, stolen: 200 } }
  const [outcome, culprit, sentence] = judgeFacts({}, { samples: times(31, sample), ...busy })
  expect([outcome, culprit]).toEqual(['host-failed', 'host'])
  expect(sentence).toContain('Only 31 of the 32 samples')
  expect(sentence).toMatch(/4\.10 s of waiting.*3\.90 s of being throttled.*0\.20 s stolen/)
  const slow = { samples: times(31, sample), took: 5_000 }
  expect(judgeFacts({}, slow).slice(0, 2)).toEqual(['emulator-failed', 'host'])
})

test('each processor needs its samples', () => {
  const samples = [...on(0, {}), ...times(31, { ...idle, processor: 1 })]
  expect(judgeFacts({}, { samples })[1]).toBe('host')
})

test('what a guest prints needs no samples, but a program that got keys is known by them', () => {
  const few = { samples: times(3, {}) }
  expect(judgeFacts({ prints: true }, few)[0]).toBe('still-printing')
  expect(judgeFacts({ prompt: prompt('debugger') }, few)[0]).toBe('waiting-in-debugger')
  expect(judgeFacts({ prompt: prompt('input') }, few)[0]).toBe('waiting-for-input')
  expect(judgeFacts({ prompt: prompt('input'), typed: true }, few)[1]).toBe('host')
  // The key gate holds the guest where it reads keys.
  const gate = { samples: times(1, {}), status: 'debug' }
  expect(judgeFacts({ readsKeys: /^main$/ }, gate)[0]).toBe('waiting-for-input')
})

test('a QEMU that the host did not run and that therefore did not answer is the fault of the host', () => {
  const withheld = { waited: 1_900, throttled: 0, stolen: 0 }
  const mute = { samples: [], status: undefined, took: 2_000, withheld }
  expect(judgeFacts({}, mute).slice(0, 2)).toEqual(['host-failed', 'host'])
})
