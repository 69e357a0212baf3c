import { once } from 'node:events'
import fs from 'node:fs'
import readline from 'node:readline/promises'
import { setTimeout as pause } from 'node:timers/promises'
import tty from 'node:tty'
import { execa } from 'execa'
import { BootstandError } from '../../core/errors.ts'
import { formatDuration } from '../../core/text.ts'
import type { Board, PowerDescription } from './board.ts'
import type { Line } from './line.ts'

/** How a board is brought to boot anew. A signal ends the question to a person whose hand is the switch. */
export type Power =
  | {
      readonly kind: 'switch'
      on(signal?: AbortSignal): Promise<void>
      off(signal?: AbortSignal): Promise<void>
    }
  /** It boots again, and cannot be switched off. */
  | { readonly kind: 'button'; reset(): Promise<void> }

/** Milliseconds that a power switch may take. */
const within = 60_000

/**
 * A board's power, as its description says.
 *
 * @param line COM1's, whose control lines may switch it; nothing while it is away.
 */
export const powerOf = (board: Board, line: () => Line | undefined): Power => {
  const { command, http, control, ask } = board.power
  if (command !== undefined)
    return actions(command, async (words) => await runCommand(board, words))
  if (http !== undefined) return actions(http, async (url) => await call(board, url, http.method))
  if (control !== undefined) return controlPower(board, control, line)
  return ask === true ? human(board) : never()
}

const actions = (
  {
    on,
    off,
    reset,
  }: { on?: string | undefined; off?: string | undefined; reset?: string | undefined },
  run: (words: string) => Promise<void>,
): Power =>
  reset === undefined
    ? { kind: 'switch', on: async () => await run(on!), off: async () => await run(off!) }
    : { kind: 'button', reset: async () => await run(reset) }

/** Lets a board boot anew. */
export const cycle = async (board: Board, power: Power, signal?: AbortSignal): Promise<void> => {
  if (power.kind === 'button') {
    await power.reset()
    return
  }
  await power.off(signal)
  await pause(board.power.rest, undefined, { signal })
  await power.on(signal)
}

/** A board that is off says nothing for so many milliseconds, … */
const quiet = 200

/** … at the latest after so many. */
const longestRest = 5_000

/** A line that tells how long it has been silent, in milliseconds. */
interface Heard {
  readonly silence: number
}

/** A board without power says nothing: whatever came by then is of an earlier boot. */
export const fallSilent = async ({ name }: Board, ports: readonly Heard[]): Promise<void> => {
  const until = performance.now() + longestRest
  const silence = () => Math.min(...ports.map((it) => it.silence))
  while (silence() < quiet) {
    if (performance.now() > until) {
      throw new BootstandError(
        'BOOTSTAND_BOARD_POWER',
        'host',
        `Board ${name} was switched off and goes on printing, ${formatDuration(longestRest)} later. Is it on that plug, and on that line?`,
      )
    }
    await pause(quiet - silence())
  }
}

/** Runs a board's command to its end, in the folder of the file that describes the board. */
export const runCommand = async (
  { name, directory }: Pick<Board, 'name' | 'directory'>,
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const result = await execa('/bin/sh', ['-c', command], {
    ...{ cwd: directory, reject: false, stdin: 'ignore', all: true, timeout: within },
    env: { BOOTSTAND_BOARD: name, ...env },
  })
  if (!result.failed) return
  const how = result.timedOut ? `took more than ${within / 1000} s` : `failed (${result.exitCode})`
  const said = result.all.trim() === '' ? 'It said nothing.' : result.all.trim()
  throw powerError(`A command of board ${name} ${how}: \`${command}\`\n${said}`)
}

const call = async ({ name }: Board, url: string, method: string): Promise<void> => {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(within / 4) }).catch(
    (error: unknown) => {
      const { cause, message } = error as Error
      throw powerError(
        `The power switch of board ${name} does not answer: ${method} ${url} (${(cause as Error | undefined)?.message ?? message}).`,
      )
    },
  )
  await answer.arrayBuffer()
  if (answer.ok) return
  throw powerError(
    `The power switch of board ${name} refused: ${method} ${url} answered ${answer.status} ${answer.statusText}.`,
  )
}

const controlPower = (
  { name }: Board,
  { line: which, as, inverted, held }: NonNullable<PowerDescription['control']>,
  line: () => Line | undefined,
): Power => {
  const set = async (isOn: boolean) => {
    const open = line()
    if (open === undefined)
      throw powerError(
        `Board ${name} is switched by ${which.toUpperCase()} of COM1, whose line is away.`,
      )
    await open.setControl(which, isOn !== inverted)
  }
  if (as === 'switch')
    return { kind: 'switch', on: async () => await set(true), off: async () => await set(false) }
  const reset = async () => {
    await set(true)
    await pause(held)
    await set(false)
  }
  return { kind: 'button', reset }
}

const human = ({ name }: Board): Power => ({
  kind: 'switch',
  on: async (signal) => await askHuman(`Switch board ${name} on, then press Enter. `, signal),
  off: async (signal) => await askHuman(`Switch board ${name} off, then press Enter. `, signal),
})

/** Asks at the terminal, whatever standard input and output are. */
const askHuman = async (question: string, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted()
  const terminal = openTerminal()
  if (terminal === undefined) {
    throw new BootstandError(
      'BOOTSTAND_BOARD_POWER',
      'usage',
      `${question.trim()} Nobody can be asked: there is no terminal. Give the board a \`command\` or \`http\` for its power.`,
    )
  }
  // Left as it is, the terminal makes a signal of Ctrl-C, for everybody who waits for one.
  const dialogue = readline.createInterface({ ...terminal, terminal: false })
  const closed = once(dialogue, 'close', { signal }).then(() => {
    throw powerError(`${question.trim()} The terminal was closed instead.`)
  })
  try {
    await Promise.race([dialogue.question(question), closed])
  } finally {
    dialogue.close()
    terminal.input.destroy()
    terminal.output.destroy()
  }
}

const openTerminal = () => {
  try {
    const [input, output] = [fs.openSync('/dev/tty', 'r'), fs.openSync('/dev/tty', 'w')]
    return { input: new tty.ReadStream(input), output: new tty.WriteStream(output) }
  } catch {
    return undefined
  }
}

const never = (): never => {
  throw new Error('a board has one kind of power')
}

const powerError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BOARD_POWER', 'host', message)
