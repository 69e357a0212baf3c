import type { Console } from '../console/console.ts'
import { linesFrom } from '../console/lines.ts'
import { Vga } from '../console/vga.ts'
import type { Pattern } from '../console/wait.ts'
import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { linuxNoise } from './linux.ts'

/** How a shell is recognised. */
export interface ShellOptions {
  /** What it asks with, anywhere in a line: the kernel may print behind it. */
  readonly prompt?: Pattern
  /** Kernel messages amid a command's output, to be left out of it: with their line's end. */
  readonly noise?: RegExp
}

/** What a command has done. */
export interface CommandResult {
  /** What it printed, without the last line's end. */
  readonly output: string
  /** 0 when it succeeded. */
  readonly status: number
}

/** A system as somebody meets it at a terminal. */
export interface Shell {
  /**
   * Logs in at a login prompt.
   *
   * @throws {WaitError} when the password is wrong.
   */
  readonly login: (user: string, password: string, options?: WaitOptions) => Promise<void>
  /** Runs a command line, once the shell asks for one. */
  readonly run: (command: string, options?: WaitOptions) => Promise<CommandResult>
}

/** Behind it stands a kernel message, or nothing. */
const usualPrompt = /[#$](?: |$)/

/**
 * Talks to a shell on a serial console, or on the VGA and its keyboard: `shellOn(target.ttyS1).run('ls /')`.
 * Late kernel messages may come at any time, but not in the midst of a line of the output. On the VGA, output
 * must fit on the screen.
 */
export const shellOn = (
  terminal: Console | Vga,
  { prompt = usualPrompt, noise = linuxNoise }: ShellOptions = {},
): Shell => {
  const isVga = terminal instanceof Vga
  let isPrompted = false
  let commands = 0

  const see = async (pattern: Pattern, options: WaitOptions & { unless?: Pattern } = {}) =>
    (await terminal.attempt(pattern, options)).take()

  /** Lines since a moment, of which only the transcript has a place. */
  const linesSince = async (from: number): Promise<readonly string[]> => {
    if (isVga) return (await terminal.look()).lines
    return linesFrom(terminal.transcript, from)
  }

  const run = async (command: string, options: WaitOptions = {}): Promise<CommandResult> => {
    if (/&\s*$/.test(command)) throw inBackground(command)
    if (!isPrompted) await see(prompt, options)
    isPrompted = false
    const number = ++commands
    // In quotes when it is typed, so that its echo is not taken for it.
    const typed = (word: string) => `bs-"${number}"-${word}`
    const printed = (word: string) => `bs-${number}-${word}`
    const from = isVga ? 0 : terminal.transcript.size
    await terminal.type(`echo ${typed('begin')}; ${command}; echo ${typed('end')} $?\r`)
    const { groups } = await see(new RegExp(`${printed('end')} (?<status>\\d+)`), options)
    const text = (await linesSince(from)).join('\n')
    const quiet = text.replaceAll(new RegExp(noise.source, `${noise.flags.replace('g', '')}g`), '')
    const begin = quiet.lastIndexOf(`${printed('begin')}\n`)
    if (begin === -1) throw scrolledOff(terminal, command)
    const behind = quiet.slice(begin + printed('begin').length + 1)
    const output = behind.slice(0, behind.indexOf(printed('end'))).replace(/\n$/, '')
    return { output, status: Number(groups['status']) }
  }

  return {
    login: async (user, password, options = {}) => {
      await see('login: ', options)
      await terminal.type(`${user}\r`)
      await see('Password: ', options)
      await terminal.type(`${password}\r`)
      await see(prompt, { ...options, unless: 'Login incorrect' })
      isPrompted = true
    },
    run,
  }
}

/** It would have no exit status, and its output would come among that of others. */
const inBackground = (command: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_SHELL',
    'usage',
    `Expected a command that ends, found ${JSON.stringify(command)}, which the shell would leave in the background. Leave out the "&", or put the command and the rest into parentheses.`,
  )

const scrolledOff = (terminal: Console | Vga, command: string): BootstandError => {
  const role = terminal instanceof Vga ? 'vga' : terminal.role
  return new BootstandError(
    'BOOTSTAND_SHELL',
    'usage',
    `The beginning of what ${JSON.stringify(command)} printed is no longer on ${role}. ` +
      'Run it on a serial console, or let it print less.',
    { exitStatus: failedStatus },
  )
}
