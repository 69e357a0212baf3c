import { checkedDeadline, type WaitOptions } from '../core/deadline.ts'
import { BootstandError, type Culprit } from '../core/errors.ts'
import { formatDuration, formatSize, visibleText } from '../core/text.ts'
import type { ConsoleState } from './console-state.ts'
import { DeadlineClock } from './deadline-clock.ts'
import { Dialogue } from './dialogue.ts'
import { lastLines } from './lines.ts'
import { boxed, findOnScreen, isBlank, type ScreenImage, type ScreenMatch } from './screen-image.ts'
import { readOn } from './read-on.ts'
import { ScreenWait } from './screen-wait.ts'
import { Screen } from './screen.ts'
import type { Stop } from './stop.ts'
import type { Transcript } from './transcript.ts'
import type { Surroundings } from './surroundings.ts'
import { missedError, WaitError, type MissedWait, type WaitFailure } from './wait-error.ts'
import {
  paced,
  persistence,
  type BreakInOptions,
  type TypeOptions,
  type TypeUntilOptions,
} from './typing.ts'
import {
  describePattern,
  isBefore,
  usablePattern,
  Wait,
  type Match,
  type Missed,
  type Pattern,
  type Position,
} from './wait.ts'

/** Lines that an error shows: up to the text that stopped the wait, or to the end. */
const tailLength = 12

/** Lines that it shows with what followed such a text. */
const longestTail = 60

/** What else ends a wait for a text. */
export interface PrintWaitOptions extends WaitOptions {
  /** What the guest must not print before it; looked for as the awaited pattern is. */
  readonly unless?: Pattern | undefined
}

/** The parts that a console is made of. */
export interface ConsoleParts extends Surroundings {
  readonly role: string
  readonly transcript: Transcript
  /** No wait finds anything before a line that this matches; see `KernelProfile.begins`. */
  readonly begins?: RegExp | undefined
  /** Sends bytes to the guest, of each some telling `onSent` right before; settles when all are on their way. */
  readonly send: (bytes: Buffer, onSent: (bytes: Buffer) => void) => Promise<void>
  /** Sends a break condition, where the port can. */
  readonly sendBreak?: (() => Promise<void>) | undefined
  /** What the kernel's debugger prints when it is entered from outside. */
  readonly breakIn?: RegExp | undefined
}

/** How a text is awaited whose absence may be no failure. */
export interface AttemptOptions extends PrintWaitOptions {
  /** Whether it goes on when the text does not come: nobody needs to know why. */
  readonly isTentative?: boolean
  /** Whether a stop text ends it; it does unless this is false. */
  readonly heedsStops?: boolean
  /** Milliseconds since something came where its silence counts; on this console otherwise. */
  readonly hushed?: (() => number) | undefined
}

/** A wait that has come to its end. */
export interface Attempt {
  readonly isMissed: boolean
  /**
   * Consumes the transcript up to the match, and gives it.
   *
   * @throws {WaitError} when the wait has missed its text.
   */
  readonly take: () => Match
}

/**
 * One named stream of bytes from a target, by its role in the scenario (`herc`, `ttyS0`).
 *
 * Matching rules. Lines end at a line feed; carriage returns and escape sequences do not count. A
 * text matches on a complete line; on an unfinished one a string matches at once, a RegExp after a
 * quiet moment. A wait consumes the transcript up to the end of its match and no further; the next
 * one goes on from there, so a console has one wait at a time.
 *
 * What is drawn with cursor moves is better awaited on the `screen` (`waitToShow`).
 */
export class Console {
  readonly role: string
  readonly transcript: Transcript
  #screen: Screen
  readonly #parts: ConsoleParts
  readonly #dialogue: Dialogue
  /** Up to where waits have consumed the transcript. */
  #position: Position = { offset: 0, column: 0 }
  /** Up to where waits have seen it and did not mind what stops it held. */
  #accepted: Position = { offset: 0, column: 0 }

  /** How much was printed when keys were last typed. */
  #typedBehind: number | undefined

  constructor(parts: ConsoleParts) {
    this.role = parts.role
    this.transcript = parts.transcript
    if (parts.meter?.time !== undefined) this.transcript.measureSilence(parts.meter.time)
    this.#screen = new Screen(parts.transcript, parts.begins)
    this.#parts = parts
    this.#dialogue = new Dialogue(parts.role)
  }

  /**
   * The same port for somebody who talks to the guest beside whoever waits on it: a console with turns and
   * a place in the transcript of its own. Nobody is told of its waits.
   *
   * @param from Where its first wait begins.
   */
  aside(from: Position): Console {
    const aside = new Console({ ...this.#parts, begins: undefined, stops: [], onWaited: () => {} })
    aside.#position = from
    return aside
  }

  /** What a terminal on it would show. Like a wait, it begins behind the loader. */
  get screen(): Screen {
    return this.#screen
  }

  /** How far it was heard. */
  get state(): ConsoleState {
    return {
      size: this.transcript.size,
      position: this.#position,
      accepted: this.#accepted,
      isPrompted: this.#dialogue.isPrompted,
    }
  }

  /** Goes on where another console was, of whose transcript its own has the beginning. */
  resume({ position, accepted, isPrompted }: ConsoleState): void {
    this.#position = position
    this.#accepted = accepted
    this.#dialogue.resume(isPrompted)
  }

  /**
   * Goes on behind everything that was printed, since the machine has gone back to an earlier moment.
   *
   * @param then How far it was heard at that moment.
   */
  rewind({ size, isPrompted }: ConsoleState): void {
    const end = { offset: this.transcript.size, column: 0 }
    this.resume({ size: end.offset, position: end, accepted: end, isPrompted })
    this.#typedBehind = undefined
    this.#screen = new Screen(this.transcript, this.#parts.begins, { from: size, to: end.offset })
  }

  get silence(): number {
    return this.transcript.silence
  }

  /** Up to where successful waits have seen the transcript: what stops it held there were awaited. */
  get accepted(): Position {
    return this.#accepted
  }

  /**
   * Waits until the guest prints `pattern`, from where the last wait ended.
   *
   * @throws {WaitError} when it does not within the deadline, prints something after which no boot
   *   goes on, or is gone.
   */
  async waitFor(pattern: Pattern, options: PrintWaitOptions = {}): Promise<Match> {
    return (await this.attempt(pattern, options)).take()
  }

  /** A wait whose outcome is yet to be taken: until then it has consumed nothing, and nobody is told. */
  async attempt(pattern: Pattern, options: AttemptOptions = {}): Promise<Attempt> {
    const clock = this.#clock(options)
    const { transcript, begins, stops, onWaited } = this.#parts
    const wanted = describePattern(pattern)
    const heeded = options.heedsStops === false ? [] : stops
    const parts = { transcript, pattern, unless: options.unless, begins, stops: heeded, clock }
    const [start, accepted] = [this.#position, this.#accepted]
    const wait = async (signal: AbortSignal) =>
      await new Wait({ ...parts, start, accepted, signal }).run()
    const run = async () =>
      options.isTentative === true
        ? await wait(this.#signal(options))
        : await this.#explained(wait, options)
    const outcome = await this.#dialogue.wait(wanted, run)
    if ('failure' in outcome) {
      const take = () => {
        const evidence = this.#lastLines(outcome.stop)
        throw this.#missed({
          verb: 'print',
          wanted,
          deadlines: clock.deadlines,
          missed: outcome,
          evidence,
        })
      }
      return { isMissed: true, take }
    }
    const take = () => {
      this.#position = outcome.end
      this.#accept(outcome.end)
      onWaited(undefined)
      return outcome.match
    }
    return { isMissed: false, take }
  }

  /**
   * Takes a text that should not have come.
   *
   * @throws {WaitError} always.
   */
  forbid(attempt: Attempt): never {
    const { text } = attempt.take()
    throw this.#failed(
      'printed',
      'guest',
      `printed ${JSON.stringify(text)}, which was not to come.`,
    )
  }

  /**
   * Waits until the screen shows `pattern` within one row; what stands there already will do. Consumes
   * nothing of the transcript: a later `waitFor` may find the same text.
   *
   * @throws {WaitError} as `waitFor` does, with the screen as it stands.
   */
  async waitToShow(pattern: Pattern, options: WaitOptions = {}): Promise<ScreenMatch> {
    const usable = usablePattern(pattern)
    const find = (image: ScreenImage, settled: boolean) => findOnScreen(image, usable, settled)
    return await this.waitUntilShown(describePattern(pattern), find, options)
  }

  /**
   * Waits until `find` finds something on the screen, for what no pattern within one row tells.
   *
   * @param wanted What it looks for, for messages.
   * @throws {WaitError} as `waitToShow` does.
   */
  async waitUntilShown<T>(
    wanted: string,
    find: (image: ScreenImage, settled: boolean) => T | undefined,
    options: WaitOptions = {},
  ): Promise<T> {
    const clock = this.#clock(options)
    const { screen } = this
    const { transcript, stops, onWaited } = this.#parts
    const parts = { transcript, screen, find, accepted: this.#accepted, stops, clock }
    const wait = async (signal: AbortSignal) => await new ScreenWait({ ...parts, signal }).run()
    const outcome = await this.#dialogue.wait(
      wanted,
      async () => await this.#explained(wait, options),
    )
    if ('failure' in outcome) {
      const evidence = this.#standing()
      throw this.#missed({
        verb: 'show',
        wanted,
        deadlines: clock.deadlines,
        missed: outcome,
        evidence,
      })
    }
    this.#accept(outcome.seen)
    onWaited(undefined)
    return outcome.match
  }

  /**
   * Waits for some time in which the guest must print nothing but line ends.
   *
   * @param milliseconds How long, from now on.
   * @throws {WaitError} when it prints, or is gone.
   */
  async staysQuiet(milliseconds: number, options: Pick<WaitOptions, 'signal'> = {}): Promise<void> {
    const { transcript, onWaited } = this.#parts
    const signal = this.#signal(options)
    const until = transcript.time + checkedDeadline(milliseconds)
    let { size } = transcript
    let broken = false
    for (let left = milliseconds; left > 0 && !broken; left = until - transcript.time) {
      await transcript.growth(size, { quiet: left, signal })
      // The end of the line that was awaited may follow it.
      broken =
        transcript.end !== undefined || /[^\r\n]/.test(transcript.read(size).toString('latin1'))
      size = transcript.size
    }
    if (broken) {
      const { end } = transcript
      const wanted = `did not stay quiet for ${formatDuration(milliseconds)}`
      throw end === undefined
        ? this.#failed('printed', 'guest', `${wanted}.`)
        : this.#failed('ended', end.culprit ?? 'usage', `${wanted}: ${end.what}.`)
    }
    onWaited(undefined)
  }

  /**
   * Types text to the guest, as it is: Enter is `\r`.
   *
   * Every stage of a boot empties its UART when it starts, so keys typed before a prompt are lost.
   * Each call therefore needs a successful wait before it.
   */
  async type(text: string, { pace = 0 }: TypeOptions = {}): Promise<void> {
    this.#dialogue.takeTurn(text)
    await paced(text, pace, async (bytes) => await this.pass(bytes))
  }

  /**
   * Types text, waits for its effect, and types it again when there is none: some kernels eat keys.
   *
   * @param pattern What is printed when the keys were taken. `within` is the deadline of one attempt,
   *   1,000 ms by default.
   * @throws {WaitError} when no attempt has an effect.
   */
  async typeUntil(text: string, pattern: Pattern, options: TypeUntilOptions = {}): Promise<Match> {
    const { attempts = persistence.attempts, pace = 0 } = options
    this.#dialogue.takeTurn(text)
    const send = async () => await paced(text, pace, async (bytes) => await this.pass(bytes))
    const wait = { ...options, within: options.within ?? persistence.within }
    return await this.#persist(attempts, send, pattern, wait)
  }

  /**
   * Enters the kernel's debugger from outside, again and again until it shows: a guest that polls its
   * UART misses most breaks.
   *
   * @throws {WaitError} when it never shows.
   */
  async breakIn(options: BreakInOptions = {}): Promise<Match> {
    const { by = 'break', attempts = persistence.breaks } = options
    const { breakIn, sendBreak } = this.#parts
    if (breakIn === undefined || (by === 'break' && sendBreak === undefined)) {
      throw new BootstandError(
        'BOOTSTAND_BREAK_IN',
        'usage',
        `${this.role} cannot be broken into: expected a kernel whose profile says what its debugger shows then.`,
      )
    }
    const send = by === 'break' ? sendBreak! : async () => await this.pass(Buffer.from('\x1b'))
    const wait = { ...options, within: options.within ?? persistence.breakWithin }
    return await this.#persist(attempts, send, breakIn, wait)
  }

  /** Does something until the guest prints a pattern, so many times at most. */
  async #persist(
    attempts: number,
    send: () => Promise<void>,
    pattern: Pattern,
    wait: AttemptOptions,
  ): Promise<Match> {
    for (let left = attempts - 1; ; left--) {
      await send()
      try {
        const attempt = await this.attempt(pattern, { ...wait, isTentative: left > 0 })
        return attempt.take()
      } catch (error) {
        const isDeadline = error instanceof WaitError && error.failure === 'deadline'
        if (!isDeadline || left <= 0) throw error
      }
    }
  }

  /** Passes keys on at once, as a person types them; nothing is awaited. */
  async pass(bytes: Buffer): Promise<void> {
    await this.#parts.send(bytes, (sent) => {
      this.#typedBehind = this.transcript.size
      this.transcript.typed(sent.toString('latin1'))
    })
  }

  /**
   * Gives up the wait that is still going on, if any: it settles no more.
   *
   * @returns what it waited for, as its author wrote it.
   */
  abandonWait(): string | undefined {
    return this.#dialogue.abandonWait()
  }

  /** The lines around a stop, once the console has fallen silent. */
  async lastWords(stop: Stop): Promise<readonly string[]> {
    await readOn(this.transcript)
    return this.#lastLines(stop)
  }

  /** Of a wait that begins now. */
  #clock({ hushed = () => this.silence, ...options }: AttemptOptions) {
    return new DeadlineClock(options, hushed, this.#parts)
  }

  #signal({ signal }: WaitOptions): AbortSignal {
    return AbortSignal.any([this.#parts.signal, signal].filter((it) => it !== undefined))
  }

  /** Learns why a wait has failed, before the machine is switched off. */
  async #explained<Met extends object>(
    wait: (signal: AbortSignal) => Promise<Met | Missed>,
    options: AttemptOptions,
  ): Promise<Met | Missed> {
    const { transcript, examine } = this.#parts
    const alarm = options.heedsStops === false ? undefined : this.#parts.alarm
    const { size } = transcript
    const signal = this.#signal(options)
    const guarded = alarm?.guard(this.role, signal, wait) ?? wait(signal)
    const outcome = await guarded
    if (!('failure' in outcome)) return outcome
    if (outcome.failure === 'stop') await readOn(transcript, undefined, signal)
    if (outcome.failure !== 'deadline') return outcome
    const printed = transcript.size > size
    // The end of the line that asked for them may follow the keys.
    const typed =
      this.#typedBehind !== undefined &&
      !/[^\r\n]/.test(transcript.read(this.#typedBehind).toString('latin1'))
    return {
      ...outcome,
      diagnosis: await examine?.({ role: this.role, transcript, printed, typed }),
    }
  }

  #accept(position: Position): void {
    if (isBefore(this.#accepted, position)) this.#accepted = position
  }

  #missed(wait: Omit<MissedWait, 'role' | 'end'>): WaitError {
    return this.#told(missedError({ ...wait, role: this.role, end: this.transcript.end }))
  }

  #failed(failure: WaitFailure, culprit: Culprit, what: string): WaitError {
    const message = [`${this.role} ${what}`, ...this.#lastLines()].join('\n')
    return this.#told(new WaitError(failure, culprit, message))
  }

  #told(error: WaitError): WaitError {
    this.#parts.onWaited(error)
    return error
  }

  /** What was printed last, from before the text that stopped the wait, and where the rest is. */
  #lastLines(stop?: Stop): string[] {
    const lines = lastLines(this.transcript, longestTail).map((line) => line.replaceAll('\r', ''))
    const at = stop === undefined ? -1 : lines.indexOf(stop.line)
    const first = Math.max(0, (at === -1 ? lines.length : at + 1) - tailLength)
    const tail = lines.slice(first).map((line) => `  | ${visibleText(line)}`)
    return [
      tail.length === 0
        ? `Nothing at all was printed on ${this.role}.`
        : `The last lines of ${this.role}:`,
      ...tail,
      `Whole transcript: ${this.transcript.path}`,
    ]
  }

  /** The screen as far as it was looked at. */
  #standing(): string[] {
    const { image, readTo } = this.screen
    const left = this.transcript.size - readTo
    const moment = left === 0 ? '' : ` (${formatSize(left)} before the end)`
    const screen = `The screen of ${this.role}${moment}`
    if (isBlank(image)) return [`${screen} is blank.`, ...this.#lastLines()]
    return [`${screen}:`, ...boxed(image), `Whole transcript: ${this.transcript.path}`]
  }
}
