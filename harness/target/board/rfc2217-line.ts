import { setTimeout as pause } from 'node:timers/promises'
import { withDeadline } from '../../core/deadline.ts'
import {
  breakLength,
  LineError,
  type Line,
  type LineEvents,
  type LineSettings,
  type LineTrouble,
} from './line.ts'
import { connect, openSocketLine } from './tcp-line.ts'
import {
  escapeTelnet,
  TelnetReader,
  telnetOptions,
  telnetSub,
  telnetWord,
  type TelnetWord,
} from './telnet.ts'

/** Commands of a client, RFC 2217; a server answers with its value and 100 more. */
const commands = {
  speed: 1,
  dataBits: 2,
  parity: 3,
  stopBits: 4,
  control: 5,
  notifyLine: 6,
  lineMask: 10,
  purge: 12,
} as const
const answerOffset = 100

const parities = { none: 1, odd: 2, even: 3 } as const
/** Values of `control`. */
const flows = { none: 1, xonxoff: 2, rtscts: 3 } as const
const breaks = { on: 5, off: 6 } as const
const controls = { dtr: { on: 8, off: 9 }, rts: { on: 11, off: 12 } } as const
const purgeReceived = 1

/** Bits of the line state. */
const troubles: readonly (readonly [bit: number, trouble: LineTrouble])[] = [
  [16, 'break'],
  [8, 'framing error'],
  [4, 'parity error'],
  [2, 'overrun'],
]

/** Milliseconds in which a server must answer a command. */
const within = 5_000

/**
 * A serial port behind a terminal server that lets its client set it (RFC 2217, telnet's option 44).
 *
 * @throws {LineError} when the server does not speak it or refuses a setting.
 */
export const openRfc2217Line = async (
  address: string,
  settings: LineSettings,
  events: LineEvents,
): Promise<Line> => {
  const socket = await connect(address)
  const answers = new Answers()
  let isOpen = false
  const onWord = (word: TelnetWord) => {
    answers.take(word)
    if (word.verb !== 'sub' || word.option !== telnetOptions.comPort) return
    const [command, state = 0] = word.bytes
    if (command !== commands.notifyLine + answerOffset) return
    for (const [bit, trouble] of troubles) if ((state & bit) !== 0) events.onTrouble(trouble)
  }
  // A server without its device may say so, and hang up: that is nothing of the board's.
  const early: Buffer[] = []
  const onBytes = (bytes: Buffer) =>
    isOpen ? events.onBytes(bytes) : void early.push(Buffer.from(bytes))
  const reader = new TelnetReader(onBytes, onWord)
  const raw = openSocketLine(socket, address, {
    onBytes: (bytes) => reader.read(bytes),
    onLost: (reason) => {
      answers.fail(reason)
      if (isOpen) events.onLost(reason)
    },
  })
  const ask = async (command: number, value: readonly number[], what: string) => {
    const answer = answers.next((it) => isAnswer(it, command))
    await raw.write(telnetSub(telnetOptions.comPort, [command, ...value]))
    const word = await withDeadline(answer, within, () => refused(address, what, 'did not answer'))
    const got = (word as { readonly bytes: Buffer }).bytes.subarray(1)
    if (!got.equals(Buffer.from(value)))
      throw refused(address, what, `answered ${[...got].join(' ')} to ${value.join(' ')}`)
  }
  try {
    await agree(address, answers, raw.write)
    for (const [command, value, what] of valuesOf(settings)) await ask(command, value, what)
    await raw.write(telnetSub(telnetOptions.comPort, [commands.lineMask, allTroubles]))
    isOpen = true
    for (const bytes of early) events.onBytes(bytes)
  } catch (error) {
    await raw.close()
    if (error instanceof LineError) throw error
    throw new LineError(`${address} hung up (${(error as Error).message}).`, true)
  }
  return {
    close: raw.close,
    write: async (bytes) => await raw.write(escapeTelnet(bytes)),
    sendBreak: async () => {
      await ask(commands.control, [breaks.on], 'a break')
      await pause(breakLength)
      await ask(commands.control, [breaks.off], "a break's end")
    },
    setControl: async (line, isOn) =>
      await ask(commands.control, [controls[line][isOn ? 'on' : 'off']], line.toUpperCase()),
    purge: async () => await ask(commands.purge, [purgeReceived], 'a purge'),
  }
}

const allTroubles = troubles.reduce((mask, [bit]) => mask | bit, 0)

const valuesOf = ({ speed, dataBits, parity, stopBits, flow }: LineSettings) =>
  [
    [commands.speed, [...bigEndian(speed)], `${speed} baud`],
    [commands.dataBits, [dataBits], `${dataBits} data bits`],
    [commands.parity, [parities[parity]], `parity ${parity}`],
    [commands.stopBits, [stopBits], `${stopBits} stop bits`],
    [commands.control, [flows[flow]], `flow control ${flow}`],
  ] as const

const bigEndian = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Agrees on bytes of eight bits, and that the port may be set. */
const agree = async (address: string, answers: Answers, write: Line['write']): Promise<void> => {
  const { binary, suppressGoAhead, comPort } = telnetOptions
  const answer = answers.next(
    ({ verb, option }) => option === comPort && ['do', 'dont'].includes(verb),
  )
  const words = [telnetWord('will', comPort), telnetWord('will', binary), telnetWord('do', binary)]
  await write(Buffer.concat([...words, telnetWord('do', suppressGoAhead)]))
  const { verb } = await withDeadline(answer, within, () => notSpoken(address))
  if (verb !== 'do') throw notSpoken(address)
}

const isAnswer = (word: TelnetWord, command: number): boolean =>
  word.verb === 'sub' &&
  word.option === telnetOptions.comPort &&
  word.bytes[0] === command + answerOffset

/** Words of a server that somebody waits for. */
class Answers {
  readonly #awaited = new Set<{
    readonly fits: (word: TelnetWord) => boolean
    readonly resolve: (word: TelnetWord) => void
    readonly reject: (error: Error) => void
  }>()

  /** The next word that fits, from now on. */
  next(fits: (word: TelnetWord) => boolean): Promise<TelnetWord> {
    const answer = new Promise<TelnetWord>((resolve, reject) => {
      this.#awaited.add({ fits, resolve, reject })
    })
    // Whoever asked may have failed before it.
    answer.catch(() => {})
    return answer
  }

  take(word: TelnetWord): void {
    for (const it of this.#awaited) {
      if (!it.fits(word)) continue
      this.#awaited.delete(it)
      it.resolve(word)
    }
  }

  fail(reason: string): void {
    for (const { reject } of this.#awaited) reject(new LineError(`${reason}.`, true))
    this.#awaited.clear()
  }
}

const notSpoken = (address: string): LineError =>
  new LineError(
    `${address} does not speak RFC 2217. Expected a terminal server that lets its port be set; for one that does not, write \`tcp: ${address}\`.`,
  )

const refused = (address: string, what: string, how: string): LineError =>
  new LineError(`The terminal server ${address} did not set ${what}: it ${how}.`)
