import type { Random } from './random.ts'

/** Bytes of a case at the most. */
export const largestCase = 2 ** 20

/** Numbers at which lengths, offsets and counts go wrong. */
const numbers = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
]

/** Texts that mean something in one format or another. */
const tokens = [
  ...[
    '\n',
    '\r\n',
    '\\\n',
    '\0',
    '#',
    '=',
    ' ',
    '\t',
    '(hd0,0)',
    'title ',
    'kernel /',
    'module /',
    '--',
  ],
  ...[
    '../',
    '/',
    '-1',
    '0x',
    '99999999999999999999',
    'null',
    '{}',
    '[]',
    '[null]',
    '"',
    "'",
    '`',
    '${x}',
  ],
  ...[
    '\x1b[2J',
    '\x1b]52;c;AAAA\x07',
    '\x9b',
    'é',
    '\ud800',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '*a',
    '&a ',
    '<<: *a',
    ': ',
    '- ',
    '!!js/function',
    'CONFIG_',
    '070701',
    'TRAILER!!!',
    '\x7fELF',
  ],
].map((it) => Buffer.from(it))

/** What long lines are made of: regular expressions that backtrack need a run of the same character. */
const runs = [
  ' ',
  '\t',
  '[',
  '(',
  '0',
  '9',
  'a',
  'f',
  '.',
  '-',
  '/',
  ':',
  '=',
  '\\',
  '\0',
  '\r',
  '\n',
  '\xff',
  '"',
  '0x',
]

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const at = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1)

const replaced = (bytes: Buffer, from: number, to: number, by: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)])

/** A stretch of at most some thousand bytes. */
const stretch = (bytes: Buffer, random: Random): [number, number] => {
  const from = at(bytes, random)
  return [from, Math.min(bytes.length, from + 1 + random.below(random.pick([4, 64, 4096])))]
}

const flipBits: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes)
  for (let left = 1 + random.below(8); left > 0 && changed.length > 0; left--) {
    const place = random.below(changed.length)
    changed[place] = changed[place]! ^ (1 << random.below(8))
  }
  return changed
}

const writeNumber: Mutation = (bytes, random) => {
  const value = random.pick(numbers)
  const number = Buffer.alloc(4)
  if (random.below(2) === 0) number.writeUInt32LE(value)
  else number.writeUInt32BE(value)
  const size = random.pick([1, 2, 4])
  const place = at(bytes, random)
  return replaced(bytes, place, place + size, number.subarray(0, size))
}

const writeDigits: Mutation = (bytes, random) => {
  const digits = [...bytes.toString('latin1').matchAll(/[0-9]+/g)]
  if (digits.length === 0) return bytes
  const { index, 0: old } = random.pick(digits)
  const value = `${random.pick(['', '-'])}${random.pick(numbers)}${random.pick(['', '', '.5', 'e999'])}`
  return replaced(bytes, index, index + old.length, Buffer.from(value))
}

const longRun: Mutation = (bytes, random) => {
  const length = random.pick([100, 10_000, 200_000])
  const unit = random.pick(runs)
  const run = Buffer.from(unit.repeat(Math.ceil(length / unit.length)), 'latin1')
  const place = at(bytes, random)
  return replaced(bytes, place, place, run)
}

const mutations: readonly Mutation[] = [
  flipBits,
  flipBits,
  writeNumber,
  writeNumber,
  writeDigits,
  longRun,
  // Cut off.
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  // Removed.
  (bytes, random) => replaced(bytes, ...stretch(bytes, random), Buffer.alloc(0)),
  // Duplicated.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random)
    return replaced(bytes, to, to, bytes.subarray(from, to))
  },
  // Moved.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random)
    const place = at(bytes, random)
    return replaced(bytes, place, place, bytes.subarray(from, to))
  },
  (bytes, random) => {
    const place = at(bytes, random)
    return replaced(bytes, place, place, random.pick(tokens))
  },
  // Crossed with another sample.
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]),
  (bytes, random, other) =>
    replaced(bytes, ...stretch(bytes, random), other.subarray(...stretch(other, random))),
]

/** Damages one of some samples in one to six ways. */
export const mutated = (samples: readonly Buffer[], random: Random): Buffer => {
  let bytes = random.pick(samples)
  for (let left = 1 + random.below(6); left > 0; left--) {
    bytes = random.pick(mutations)(bytes, random, random.pick(samples)).subarray(0, largestCase)
  }
  return bytes
}
