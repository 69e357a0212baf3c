import fc from 'fast-check'
import { expect, test } from 'vitest'
import { menuText } from '../menu-text.ts'
import { parseMenu } from '../parse.ts'
import { looseWord } from '../span.ts'
import type { CommandStatement } from '../statement.ts'
import { parseBlocklist } from './blocklist.ts'
import { parseDevice } from './device.ts'
import { parseFileName } from './file-name.ts'
import { parseImageArguments } from './image.ts'
import { parseNumber } from './number.ts'
import { parseDefault, parseFallback, parseTimeout } from './selection.ts'
import { parseSerial } from './serial.ts'
import { parseTerminal } from './terminal.ts'

const command = (text: string) => parseMenu(text).statements[0] as CommandStatement

test.for([
  ['(fd0)', { drive: 'floppy', number: 0 }],
  ['(hd0)', { drive: 'hard-disk', number: 0 }],
  ['(hd0,0)', { drive: 'hard-disk', number: 0, partition: 0 }],
  ['(hd0x)', undefined],
  ['(hd0,a)', { drive: 'hard-disk', number: 0, bsdPartition: 'a' }],
  ['(hd1,2,a)', { drive: 'hard-disk', number: 1, partition: 2, bsdPartition: 'a' }],
  ['(hd0x1)', { drive: 'hard-disk', number: 1 }],
  ['(hd0x1', undefined],
  ['(hd0,)', { drive: 'hard-disk', number: 0, partition: 'root' }],
  ['(0x80,1)', { drive: 'bios', number: 0x80, partition: 1 }],
  ['()', { drive: 'root' }],
  ['(,1)', { drive: 'root', partition: 1 }],
  ['(nd)', { drive: 'network' }],
  ['(cd)', { drive: 'cdrom' }],
] as const)('the device %s', ([text, device]) => {
  const read = parseDevice(looseWord(text))
  const { rest: _, ...value } = read.value ?? { rest: undefined }
  expect(read.value === undefined ? undefined : value).toEqual(device)
})

// The numbers are those that GRUB 0.97-80 printed for `root` with that device.
test.for([
  ['(hd8,0)', 12, 1],
  ['(hda)', 23, 2],
  ['(xx0,0)', 23, 2],
  ['(hd0,255)', 11, 6],
  ['(fd0,0)', 11, 6],
  ['hd0', 11, 1],
  ['(hd0,a,b', 11, 1],
  ['(hd99999999999)', 35, 4],
  ['(hd0,0', 11, 1],
  ['', 11, 1],
] as const)('the device %s stops with Error %i', ([text, grubError, column]) => {
  expect(parseDevice(looseWord(text)).problem).toMatchObject({ grubError, column })
})

test('a malformed device says what was expected and found', () => {
  const messages = ['(hda1)', '(hd0,256)', '(hd9)', '(hd0,0'].map(
    (text) => parseDevice(looseWord(text)).problem!.message,
  )
  expect(messages).toMatchInlineSnapshot(`
    [
      "Expected a device such as (fd0), (hd0), (hd0,0), (hd0,a), (cd) or (nd); "hda1" is no drive that GRUB knows.",
      "Found partition "256", but partitions count from 0 to 254.",
      "GRUB knows drives 0 to 7, found 9; they count from 0.",
      "Expected a device such as (fd0), (hd0), (hd0,0), (hd0,a), (cd) or (nd), found "(hd0,0" without ")" where it should end.",
    ]
  `)
})

test.for([
  ['/kickstart', { path: '/kickstart' }],
  ['(hd0,0)/boot/x', { device: { drive: 'hard-disk', partition: 0 }, path: '/boot/x' }],
  [
    '(hd0)0+1,5+2',
    {
      blocks: {
        ranges: [
          { start: 0, count: 1 },
          { start: 5, count: 2 },
        ],
      },
    },
  ],
  ['+1', { blocks: { ranges: [{ start: 0, count: 1 }] } }],
  ['0x10+2,600', { blocks: { ranges: [{ start: 16, count: 2 }], bytes: 600 } }],
] as const)('the file %s', ([text, file]) => {
  expect(parseFileName(looseWord(text)).value).toMatchObject(file)
})

test.for([
  ['boot/x', 1, 1],
  ['(cd)kickstart', 1, 5],
  ['+0', 1, 1],
  ['0+1,', 1, 1],
  ['1+1,9999', 1, 1],
  ['(hd9)/x', 12, 1],
  ['', 1, 1],
] as const)('the file "%s" stops with Error %i', ([text, grubError, column]) => {
  expect(parseFileName(looseWord(text)).problem).toMatchObject({ grubError, column })
})

test.for([
  ['12', 12, ''],
  ['0x1F', 31, ''],
  ['5s', 5, 's'],
  ['2147483647', 0x7fff_ffff, ''],
] as const)('the number %s', ([text, value, rest]) => {
  expect(parseNumber(looseWord(text)).value).toMatchObject({ value, rest: { text: rest } })
})

test.for([
  ['abc', 23],
  ['-1', 23],
  ['0x', 23],
  ['2147483648', 35],
] as const)('the number %s stops with Error %i', ([text, grubError]) => {
  expect(parseNumber(looseWord(text)).problem).toMatchObject({ grubError })
})

test('serial has the defaults of GRUB, and ignores what follows the first word that is no option', () => {
  expect(parseSerial(command('serial').words)).toEqual({
    unit: 0,
    speed: 9600,
    word: 8,
    parity: 'no',
    stop: 1,
    ignored: [],
    problems: [],
  })
  const read = parseSerial(command('serial --unit=1 --port=0x2f8 --spede=1 --speed=115200').words)
  expect(read).toMatchObject({ unit: 1, port: 0x2f8, speed: 9600, problems: [] })
  expect(read.ignored.map((it) => it.text)).toEqual(['--spede=1', '--speed=115200'])
})

test('each bad option of serial is a problem, where it stands', () => {
  const line = 'serial --unit=9 --speed=115201 --word=9 --stop=x --parity=none --parity=mark'
  const { problems } = parseSerial(command(line).words)
  expect(problems.map((it) => [it.column, it.grubError, it.message])).toMatchInlineSnapshot(`
    [
      [
        15,
        12,
        "Expected a unit from 0 to 3, found "9".",
      ],
      [
        25,
        30,
        "Expected one of 2400, 4800, 9600, 19200, 38400, 57600, 115200 baud, found "115201".",
      ],
      [
        39,
        30,
        "Expected a word of 5 to 8 bits, found "9".",
      ],
      [
        48,
        23,
        "Expected a number, decimal or hexadecimal as 0x…, found "x".",
      ],
      [
        73,
        30,
        "Expected no, odd or even, found "mark".",
      ],
    ]
  `)
})

test('terminal takes options only before the terminals', () => {
  const line = 'terminal --timeout=0 --lines=24 --dumb --no-echo --no-edit --silent console serial'
  expect(parseTerminal(command(line).words)).toEqual({
    terminals: ['console', 'serial'],
    isDumb: true,
    hasNoEcho: true,
    hasNoEdit: true,
    isSilent: true,
    timeout: 0,
    lines: 24,
    problems: [],
  })
  const { problems } = parseTerminal(command('terminal --timeout=x serial --dumb foo').words)
  expect(problems.map((it) => [it.column, it.grubError])).toEqual([
    [20, 23],
    [29, 30],
    [36, 30],
  ])
})

test('a kernel line has options, a file and the command line that the kernel sees', () => {
  const line = 'kernel  --type=multiboot --no-mem-option /kickstart  kmem=4M --type=linux '
  expect(parseImageArguments(command(line))).toMatchObject({
    file: { text: '/kickstart', column: 42 },
    commandLine: '/kickstart  kmem=4M --type=linux ',
    type: 'multiboot',
    isWithoutMemOption: true,
    isForced: false,
    problems: [],
  })
  expect(parseImageArguments(command('chainloader --force +1'))).toMatchObject({
    file: { text: '+1' },
    isForced: true,
  })
  expect(parseImageArguments(command('module --type=linux /x')).file!.text).toBe('--type=linux')
})

test('a kernel line without a file or with an unknown type has a problem', () => {
  const errors = ['kernel', 'kernel --type=foo /x', 'kernel --type=linux'].map((line) =>
    parseImageArguments(command(line)).problems.map((it) => it.grubError),
  )
  expect(errors).toEqual([[1], [30], [1]])
})

test('default, fallback and timeout', () => {
  expect(parseDefault(command('default saved')).value).toBe('saved')
  expect(parseDefault(command('default saved ')).problem).toMatchObject({ grubError: 23 })
  expect(parseDefault(command('default=2 # two')).value).toBe(2)
  expect(parseFallback(command('fallback 1 2 1 0x3')).value).toEqual([1, 2, 3])
  expect(parseFallback(command('fallback 0 1 2 3 4 5 6 7 8')).value).toHaveLength(8)
  expect(parseFallback(command('fallback 1 x')).problem).toMatchObject({ column: 12 })
  expect(parseTimeout(command('timeout 5s')).value).toBe(5)
  expect(parseTimeout(command('timeout')).problem).toMatchObject({ grubError: 23, column: 8 })
})

test('no text makes a parser throw, and each reading is a value or a problem', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^\(?[hfcn]?d?[0-9x]{0,3}[,)]?[0-9a-i]?[,)]?[a-i]?\)?[/+0-9,]{0,9}$/),
  )
  fc.assert(
    fc.property(piece, (text) => {
      for (const parse of [parseNumber, parseDevice, parseBlocklist, parseFileName]) {
        const { value, problem } = parse(looseWord(text))
        expect((value === undefined) !== (problem === undefined)).toBe(true)
      }
    }),
  )
  fc.assert(
    fc.property(menuText, (text) => {
      for (const it of parseMenu(text).statements) {
        if (it.kind !== 'command') continue
        const found = [parseSerial(it.words), parseTerminal(it.words), parseImageArguments(it)]
        const { start, end } = it
        for (const problem of found.flatMap(({ problems }) => problems)) {
          expect(problem.start >= start && problem.end <= end).toBe(true)
        }
        for (const parse of [parseDefault, parseFallback, parseTimeout]) parse(it)
      }
    }),
  )
})
