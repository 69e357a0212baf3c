import fc from 'fast-check'

/** What begins, continues and ends sequences, in pieces that assemble others when one is removed. */
const pieces = [
  ...['\x1b', '\x1b[', '\x1b]52;c;', '\x1bP', '\x1b_', '\x1b\\', '\x07', '\x9b', '\x9d', '\x90'],
  ...[
    '\x1b[31m',
    '\x1b[8m',
    '\x1b[39m',
    '\x1b[1m',
    '\x1b[22m',
    '2J',
    '[',
    ';',
    'm',
    '8',
    '\r',
    '\b',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u200f',
    '\u061c',
    '\u2028',
    '\ufeff',
    '\x7f',
    '\x00',
    '\x0e',
    '\n',
    '\t',
  ],
]

/** Text that tries to do something to a terminal. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

/** What no printed text has: controls but tab and newline, bidirectional marks, and sequences other than bold, dim, inverse and colours. */
export const unsafe =
  // oxlint-disable-next-line no-misleading-character-class
  /\x1b(?!\[(?:1|2|22|7|27|3[1-6]|39|90)m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u
