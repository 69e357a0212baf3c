import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Console } from '../../console/console.ts'
import { linesFrom } from '../../console/lines.ts'
import type { Timing } from '../../console/deadline-clock.ts'
import { surroundingsOf, type Surroundings } from '../../console/surroundings.ts'
import { VgaRecording } from '../../console/vga-recording.ts'
import { Vga } from '../../console/vga.ts'
import { BootstandError } from '../../core/errors.ts'
import { formatDuration } from '../../core/text.ts'
import { MachineClock } from '../clock.ts'
import type { Unseen } from '../examination.ts'
import type { Machine, TargetEnd } from '../target.ts'
import { BoardPort } from './board-port.ts'
import type { Board } from './board.ts'
import { boardCannot } from './line.ts'
import { OwnBoot, type BootMarks } from './own-boot.ts'
import { fallSilent, powerOf, type Power } from './power.ts'

/** How a board is switched on. */
export interface BoardOptions extends Omit<Surroundings, 'meter'> {
  /** The run's folder. */
  readonly folder: string
  readonly board: Board
  /** Names of its serial ports, COM1's first. */
  readonly roles: readonly string[]
  /** Brings what is booted to the board, which is off then if it can be. */
  readonly bring: () => Promise<void>
  /** By which its own boot is known. */
  readonly own: BootMarks
  /** No wait finds anything before it. */
  readonly begins: RegExp | undefined
  readonly breakIn: RegExp | undefined
  /** What the kernel's debugger prints when something on the line was a break to it. */
  readonly lineBreak: RegExp | undefined
  /** Told when something is asked of it that no board can do; may throw what the asker should get. */
  readonly onCannot: ((error: BootstandError) => void) | undefined
}

/** Milliseconds for which a board is heard before anything is said of it. */
const hearing = 200

/**
 * Switches a board on, or resets it.
 *
 * @throws {BootstandError} when a line cannot be opened, its power fails, or it goes on printing without power.
 */
export const startBoard = async (options: BoardOptions): Promise<Machine> => {
  const { board, folder, roles, signal } = options
  if (running.has(board.name)) throw isRunning(board)
  running.add(board.name)
  const clock = new MachineClock()
  let end: (end: TargetEnd) => void = () => {}
  const ended = new Promise<TargetEnd>((resolve) => {
    end = resolve
  })
  const ports = new Map<string, BoardPort>()
  const power = powerOf(board, () => ports.get(roles[0]!)?.line)
  try {
    for (const [index, role] of roles.entries()) {
      const place = { folder, role, now: () => clock.uptime, directory: board.directory }
      const port: BoardPort = new BoardPort(board.lines[index]!, {
        ...place,
        onLost: (lost) => void port.conclude(lost),
      })
      ports.set(role, port)
    }
    for (const port of ports.values()) await port.attach()
    if (power.kind === 'switch') await power.off(signal)
    const offAt = performance.now()
    await options.bring()
    if (power.kind === 'switch') {
      await fallSilent(board, [...ports.values()])
      await pause(Math.max(0, board.power.rest - (performance.now() - offAt)), undefined, {
        signal,
      })
    }
    signal?.throwIfAborted()
    clock.start()
    const own = new OwnBoot(options.own)
    for (const [role, port] of ports) {
      // What comes on the other ports has no banner of its own.
      port.begin(role === roles[0] ? own : undefined, (line) => end(rebooted(line)))
    }
    await (power.kind === 'switch' ? power.on(signal) : power.reset())
    for (const port of ports.values()) await port.present(signal)
    return new BoardMachine({ ports, power, clock, own, ended, end }, options)
  } catch (error) {
    for (const port of ports.values()) await port.conclude(neverRan)
    if (power.kind === 'switch') await power.off().catch(() => {})
    for (const port of ports.values()) await port.release()
    running.delete(board.name)
    throw error
  }
}

/** Names of the boards that run in this process: who has taken a board may still boot it twice. */
const running = new Set<string>()

const isRunning = ({ name }: Board): BootstandError =>
  new BootstandError(
    'BOOTSTAND_BOARD_BUSY',
    'usage',
    `Board ${name} runs another boot already. A board boots one scenario at a time: stop the other target first.`,
  )

const neverRan: TargetEnd = {
  kind: 'switched-off',
  what: 'the board was not switched on',
  culprit: 'host',
}

const switchedOff: TargetEnd = { kind: 'switched-off', what: 'the board was switched off' }

const rebooted = (line: string): TargetEnd => ({
  kind: 'reset',
  what: `the guest reset the machine: its console begins anew with "${line}"`,
  culprit: 'guest',
})

interface BoardParts {
  readonly ports: ReadonlyMap<string, BoardPort>
  readonly power: Power
  readonly clock: MachineClock
  readonly own: OwnBoot
  readonly ended: Promise<TargetEnd>
  /** Tells how it ended, the first time. */
  readonly end: (end: TargetEnd) => void
}

class BoardMachine implements Machine {
  readonly consoles: ReadonlyMap<string, Console>
  /** A board keeps its own time. */
  readonly isExact = false
  readonly counted = []
  readonly vga: Vga
  readonly timing: Timing
  readonly ended: Promise<TargetEnd>
  readonly #parts: BoardParts
  readonly #options: BoardOptions
  /** Why it could not be switched off. */
  #staysOn: string | undefined
  #stopped: Promise<TargetEnd> | undefined

  constructor(parts: BoardParts, options: BoardOptions) {
    const { ports, clock } = parts
    const noInstructions = () =>
      this.#cannot('A board does not count the instructions of its guest.')
    const surroundings = surroundingsOf(options, { cpu: () => undefined, noInstructions })
    const { begins, breakIn, folder, board } = options
    this.timing = surroundings
    this.#parts = parts
    this.#options = options
    const [firstRole] = ports.keys()
    this.consoles = new Map(
      [...ports].map(([role, port]) => [
        role,
        new Console({
          role,
          transcript: port.transcript,
          send: async (bytes, onSent) => {
            onSent(bytes)
            await port.send(bytes)
          },
          sendBreak: async () => await this.#asking(async () => await port.sendBreak()),
          begins: role === firstRole ? begins : undefined,
          breakIn,
          ...surroundings,
        }),
      ]),
    )
    const noVga = async () =>
      this.#cannot(
        `Board ${board.name} shows its VGA to nobody here: there is only its serial line.`,
      )
    this.vga = new Vga({
      ...{ read: noVga, type: noVga, now: () => clock.uptime, ...surroundings },
      recording: new VgaRecording(path.join(folder, 'vga.cast'), () => clock.uptime),
    })
    this.ended = parts.ended.then(async (end) => await this.#close(end))
  }

  get uptime(): number {
    return this.#parts.clock.uptime
  }

  get notes(): readonly string[] {
    const { board } = this.#options
    return [
      `Booted on board ${board.name}: all that is known comes from its console and its power.`,
      ...[...this.#parts.ports].flatMap(([role, port]) => notesOf(role, port)),
      ...[...this.#parts.ports].flatMap(([role, port]) => strangeBreak(role, port, this.#options)),
      ...(this.#staysOn === undefined ? [] : [`The board may be on: ${this.#staysOn}`]),
    ]
  }

  async examine(): Promise<Unseen> {
    const { ports, own } = this.#parts
    await pause(hearing)
    const trouble = [...ports].flatMap(([role, { gaps }]) =>
      gaps.slice(0, 1).map(({ reason }) => `the line of ${role} was away (${reason})`),
    )[0]
    const [first] = ports.keys()
    const port = ports.get(first!)!
    const nothingOwn = own.hasBegun
      ? undefined
      : `nothing of this boot has come on ${first} (${port.stale + own.rest().length} bytes before any banner, see ${first}.stale)`
    return {
      unseen: `board ${this.#options.board.name}`,
      trouble: trouble ?? undefined,
      nothingOwn,
    }
  }

  async forwarded(port: number): Promise<number> {
    return this.#cannot(
      `Board ${this.#options.board.name} forwards no ports: port ${port} is reached at its own address.`,
    )
  }

  async checkpoint(): Promise<never> {
    return this.#cannot(`Board ${this.#options.board.name} keeps no checkpoints.`)
  }

  async restore(): Promise<never> {
    return this.#cannot(`Board ${this.#options.board.name} goes back to no checkpoint.`)
  }

  async stop(): Promise<TargetEnd> {
    this.#stopped ??= this.#switchOff()
    return await this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #switchOff(): Promise<TargetEnd> {
    const { power, ports, end: ending } = this.#parts
    ending(switchedOff)
    const end = await this.ended
    if (power.kind === 'switch') {
      await power.off().catch((error: Error) => {
        this.#staysOn = error.message
      })
    }
    for (const port of ports.values()) await port.release()
    running.delete(this.#options.board.name)
    return end
  }

  async #close(end: TargetEnd): Promise<TargetEnd> {
    this.#parts.clock.stop()
    this.vga.close(end)
    for (const port of this.#parts.ports.values()) await port.conclude(end)
    return end
  }

  async #asking<T>(action: () => Promise<T>): Promise<T> {
    return await action().catch((error: unknown) => {
      if (error instanceof BootstandError) this.#options.onCannot?.(error)
      throw error
    })
  }

  #cannot(what: string): never {
    const error = boardCannot(what)
    this.#options.onCannot?.(error)
    throw error
  }
}

/** A debugger that was entered from outside by nobody. */
const strangeBreak = (role: string, port: BoardPort, { lineBreak }: BoardOptions): string[] => {
  if (lineBreak === undefined || port.hasAsked) return []
  const line = linesFrom(port.transcript, 0).find((it) => lineBreak.test(it))
  return line === undefined
    ? []
    : [
        `Nobody sent a break on ${role}, and the guest met one (${line.trim()}): noise or a framing error on the line does that.`,
      ]
}

/** What there is to know of a line when the boot is over. */
const notesOf = (role: string, port: BoardPort): string[] => [
  ...(port.stale === 0
    ? []
    : [`${port.stale} bytes on ${role} were of another boot or of none; ${role}.stale has them.`]),
  ...(port.noise === 0 ? [] : [`${port.noise} bytes of noise (NUL, 0xff) came on ${role}.`]),
  ...[...port.troubles].map(([trouble, count]) => `${role}'s line met ${count} of: ${trouble}.`),
  ...port.gaps.map(({ from, to, reason }) => {
    const until = to === undefined ? 'and did not come back' : `for ${formatDuration(to - from)}`
    return `The line of ${role} was away ${until}, ${formatDuration(from)} after power-on: ${reason}. What was printed then is lost.`
  }),
]
