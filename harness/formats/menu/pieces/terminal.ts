import { partOf, type Word } from '../span.ts'
import { parseNumber } from './number.ts'
import { grubErrors, malformed, type MenuProblem, type Reading } from './reading.ts'

const terminals = ['console', 'serial', 'hercules', 'graphics'] as const

/** A terminal of GRUB's; `graphics` only with the patch that Debian and Red Hat have. */
export type TerminalName = (typeof terminals)[number]

/** Where GRUB prints and reads keys. */
export interface TerminalSettings {
  /** Without any, GRUB prints which one it has. */
  readonly terminals: readonly TerminalName[]
  readonly isDumb: boolean
  readonly hasNoEcho: boolean
  readonly hasNoEdit: boolean
  readonly isSilent: boolean
  /** Seconds to wait for a key, with several terminals. */
  readonly timeout?: number
  /** Lines of the screen. */
  readonly lines?: number
  readonly problems: readonly MenuProblem[]
}

const flags = ['--dumb', '--no-echo', '--no-edit', '--silent'] as const
const numbers = ['--timeout=', '--lines='] as const

/** The options and terminals of `terminal`, as terminal_func of stage2/builtins.c reads them. */
export const parseTerminal = (words: readonly Word[]): TerminalSettings => {
  const named = words.findIndex((word) => optionOf(word) === undefined)
  const options = named === -1 ? words : words.slice(0, named)
  const names = named === -1 ? [] : words.slice(named).map(parseName)
  const has = (flag: (typeof flags)[number]) => options.some(({ text }) => text.startsWith(flag))
  const timeout = numberOf(options, '--timeout=')
  const lines = numberOf(options, '--lines=')
  return {
    terminals: names.flatMap((name) => (name.problem ? [] : [name.value])),
    isDumb: has('--dumb'),
    hasNoEcho: has('--no-echo'),
    hasNoEdit: has('--no-edit'),
    isSilent: has('--silent'),
    ...(timeout?.value !== undefined && { timeout: timeout.value }),
    ...(lines?.value !== undefined && { lines: lines.value }),
    problems: [timeout, lines, ...names].flatMap((it) => (it?.problem ? [it.problem] : [])),
  }
}

const optionOf = ({ text }: Word): string | undefined =>
  [...flags, ...numbers].find((option) => text.startsWith(option))

const numberOf = (
  options: readonly Word[],
  name: (typeof numbers)[number],
): Reading<number> | undefined => {
  const option = options.findLast(({ text }) => text.startsWith(name))
  if (option === undefined) return undefined
  const number = parseNumber(partOf(option, name.length))
  return number.problem ? number : { value: number.value.value }
}

const parseName = (word: Word): Reading<TerminalName> => {
  const name = terminals.find((it) => word.text.startsWith(it))
  if (name !== undefined) return { value: name }
  const expected = `one of ${terminals.join(', ')}, behind all options`
  return malformed(word, grubErrors.badArgument, `Expected ${expected}; found "${word.text}".`)
}
