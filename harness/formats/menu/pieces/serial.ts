import { partOf, type Word } from '../span.ts'
import { parseNumber } from './number.ts'
import { grubErrors, malformed, type MenuProblem } from './reading.ts'

/** Baud rates of serial_get_divisor in stage2/serial.c. */
const speeds = [2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200] as const

/** How GRUB speaks on a serial port. */
export interface SerialSettings {
  /** 0 is COM1. */
  readonly unit: number
  /** I/O port, if given instead of a unit. */
  readonly port?: number
  readonly speed: number
  readonly word: number
  readonly parity: 'no' | 'odd' | 'even'
  readonly stop: number
  /** Words that GRUB does not look at: it stops at the first that is no option. */
  readonly ignored: readonly Word[]
  readonly problems: readonly MenuProblem[]
}

type Settings = Omit<SerialSettings, 'ignored' | 'problems'>

const defaults: Settings = { unit: 0, speed: 9600, word: 8, parity: 'no', stop: 1 }

/** The options of `serial`, as serial_func of stage2/builtins.c reads them. */
export const parseSerial = (words: readonly Word[]): SerialSettings => {
  let settings = defaults
  const problems: MenuProblem[] = []
  const count = words.findIndex((word) => optionOf(word) === undefined)
  for (const word of count === -1 ? words : words.slice(0, count)) {
    const name = optionOf(word)!
    const read = options[name](partOf(word, name.length))
    if ('problem' in read) problems.push(read.problem)
    else settings = { ...settings, ...read }
  }
  return { ...settings, ignored: count === -1 ? [] : words.slice(count), problems }
}

type Read = (value: Word) => Partial<Settings> | { readonly problem: MenuProblem }

const bad = (word: Word, expected: string, error: number = grubErrors.badArgument) =>
  malformed(word, error, `Expected ${expected}, found "${word.text}".`)

const numberIn =
  (
    key: keyof Settings,
    isValid: (value: number) => boolean,
    expected: string,
    error?: number,
  ): Read =>
  (word) => {
    const number = parseNumber(word)
    if (number.problem) return number
    const { value } = number.value
    return isValid(value) ? { [key]: value } : bad(word, expected, error)
  }

const parities = ['no', 'odd', 'even'] as const

const readParity: Read = (word) => {
  const parity = parities.find((it) => word.text.startsWith(it))
  return parity === undefined ? bad(word, 'no, odd or even') : { parity }
}

const options = {
  '--unit=': numberIn('unit', (it) => it <= 3, 'a unit from 0 to 3', grubErrors.deviceValues),
  '--speed=': numberIn(
    'speed',
    (it) => speeds.some((speed) => speed === it),
    `one of ${speeds.join(', ')} baud`,
  ),
  '--port=': numberIn('port', () => true, 'an I/O port'),
  '--word=': numberIn('word', (it) => it >= 5 && it <= 8, 'a word of 5 to 8 bits'),
  '--stop=': numberIn('stop', (it) => it === 1 || it === 2, '1 or 2 stop bits'),
  '--parity=': readParity,
} as const satisfies Readonly<Record<string, Read>>

const optionNames = Object.keys(options) as (keyof typeof options)[]

const optionOf = ({ text }: Word): keyof typeof options | undefined =>
  optionNames.find((name) => text.startsWith(name))
