import { setTimeout as pause } from 'node:timers/promises'
import type { WaitOptions } from '../core/deadline.ts'
import { BootstandError } from '../core/errors.ts'
import { DeadlineClock, timeBy } from './deadline-clock.ts'
import { Dialogue } from './dialogue.ts'
import type { Attempt, AttemptOptions } from './console.ts'
import { boxed, findOnScreen, isBlank, textOf, type ScreenMatch } from './screen-image.ts'
import { findStop, type Stop, type StopText } from './stop.ts'
import type { TranscriptEnd } from './transcript.ts'
import { imageOfVga, type VgaImage, type VgaReading } from './vga-image.ts'
import type { VgaRecording } from './vga-recording.ts'
import type { Surroundings } from './surroundings.ts'
import { typedTooLate } from './typing.ts'
import { missedError, WaitError } from './wait-error.ts'
import { describePattern, usablePattern, type Match, type Missed, type Pattern } from './wait.ts'

/** How often a wait looks, in milliseconds. Each look stops the guest for about 10. */
const interval = 200

/** What a VGA is made of. */
export interface VgaParts extends Surroundings {
  readonly read: () => Promise<VgaReading>
  /**
   * Types on the keyboard; settles when the last key is up again.
   *
   * @param assertOn Throws when the machine has ended, which whoever waits for room must ask.
   */
  readonly type: (text: string, assertOn: () => void) => Promise<void>
  readonly recording: VgaRecording
  /** Milliseconds since power-on. */
  readonly now: () => number
}

/** A text that a wait has seen. */
interface Seen {
  readonly match: ScreenMatch
  /** Milliseconds since power-on. */
  readonly at: number
}

/** What one look is judged by. */
interface Watch {
  readonly pattern: Pattern
  readonly unless: Pattern | undefined
  readonly stops: readonly StopText[]
  readonly clock: DeadlineClock
}

/**
 * A target's VGA in a text mode, and its keyboard. It also shows what the BIOS and the loader say.
 *
 * Nothing tells when a guest writes to its screen, so whoever waits looks five times a second; what
 * stands there for less may go unseen.
 */
export class Vga {
  readonly #parts: VgaParts
  readonly #dialogue = new Dialogue('vga')
  #last: VgaReading = 'it was not looked at while the machine ran'
  #end: TranscriptEnd | undefined
  #concluded = false
  #wasTyped = false
  /** When a wait last saw another text, by the clock of its silence. */
  #changedAt = 0
  /** Rows with stop texts that stood there when a wait was met. */
  #accepted: ReadonlySet<string> = new Set()

  constructor(parts: VgaParts) {
    this.#parts = parts
  }

  /** Whether keys were typed. */
  get wasTyped(): boolean {
    return this.#wasTyped
  }

  get #time(): number {
    return timeBy(this.#parts.meter)
  }

  /** Milliseconds since a wait saw another text, or began to look. */
  get silence(): number {
    return this.#time - this.#changedAt
  }

  /**
   * The screen as it is, or as it was when the machine was switched off.
   *
   * @throws {BootstandError} when the VGA is in no text mode.
   */
  async look(): Promise<VgaImage> {
    const reading = await this.#read()
    if (typeof reading !== 'string') return imageOfVga(reading)
    throw new BootstandError('BOOTSTAND_VGA_MODE', 'guest', noText(reading))
  }

  /** The rows as one text, without the blanks at their ends and the empty rows at the bottom. */
  async text(): Promise<string> {
    return textOf(await this.look())
  }

  /**
   * Waits until the screen shows `pattern` within one row; what stands there already will do.
   *
   * @throws {WaitError} when it does not within the deadline, shows something after which no boot goes
   *   on, or the machine ends.
   */
  async waitToShow(pattern: Pattern, options: WaitOptions = {}): Promise<ScreenMatch> {
    return (await this.#await(pattern, options))().match
  }

  /** A wait as `Console.attempt` makes it; what stands on the screen already will do. */
  async attempt(pattern: Pattern, options: AttemptOptions = {}): Promise<Attempt> {
    const takeSeen = await this.#await(pattern, options)
    const take = (): Match => {
      const { match, at } = takeSeen()
      const { text, line, groups } = match
      return { text, line, groups, at }
    }
    return { isMissed: takeSeen.isMissed, take }
  }

  /**
   * Takes a text that should not have come.
   *
   * @throws {WaitError} always.
   */
  forbid(attempt: Attempt): never {
    const { text } = attempt.take()
    const what = `vga showed ${JSON.stringify(text)}, which was not to come.`
    throw this.#told(
      new WaitError('printed', 'guest', [what, ...evidenceOf(this.#last)].join('\n')),
    )
  }

  /** Waits, and gives what takes the outcome: that throws when the wait has missed its text. */
  async #await(
    pattern: Pattern,
    options: AttemptOptions,
  ): Promise<(() => Seen) & { readonly isMissed: boolean }> {
    const { signal, stops } = this.#parts
    const silence = options.hushed ?? (() => this.silence)
    const clock = new DeadlineClock(options, silence, this.#parts)
    this.#changedAt = this.#time
    const watch: Watch = {
      pattern: usablePattern(pattern, 'cp437'),
      unless: options.unless === undefined ? undefined : usablePattern(options.unless, 'cp437'),
      stops: options.heedsStops === false ? [] : stops,
      clock,
    }
    const wanted = describePattern(pattern)
    const either = AbortSignal.any([signal, options.signal].filter((it) => it !== undefined))
    const run = async (watched: AbortSignal) => await this.#watchFor(watch, watched)
    const outcome = await this.#dialogue.wait(
      wanted,
      async () => await (options.isTentative === true ? run(either) : this.#examined(run, either)),
    )
    const take = (): Seen => {
      if ('failure' in outcome) {
        const [missed, end, evidence] = [outcome, this.#end, evidenceOf(this.#last)]
        const wait = {
          role: 'vga',
          verb: 'show',
          wanted,
          deadlines: clock.deadlines,
          missed,
          end,
          evidence,
        } as const
        throw this.#told(missedError(wait))
      }
      this.#parts.onWaited(undefined)
      return outcome
    }
    return Object.assign(take, { isMissed: 'failure' in outcome })
  }

  #told(error: WaitError): WaitError {
    this.#parts.onWaited(error)
    return error
  }

  /**
   * Types on the keyboard, which has the US layout: Enter is `\n` or `\r`, an arrow what a terminal
   * sends for it (`\x1b[B`). Each call needs a successful wait before it, as on a console.
   *
   * @throws {BootstandError} when the keyboard has no such character, the guest does not read it, or the machine has ended.
   */
  async type(text: string): Promise<void> {
    this.#dialogue.takeTurn(text)
    const assertOn = () => {
      if (this.#end !== undefined) throw typedTooLate('vga', this.#end)
    }
    assertOn()
    this.#wasTyped = true
    await this.#parts.type(text, assertOn)
    this.#parts.recording.typed(text)
  }

  /** Gives up the wait that is still going on, as `Console.abandonWait` does. */
  abandonWait(): string | undefined {
    return this.#dialogue.abandonWait()
  }

  /** Ends every wait, after a last look: the machine no longer runs. */
  close(end: TranscriptEnd): void {
    this.#end ??= end
  }

  /**
   * Takes a last look: the machine is about to be gone.
   *
   * @returns its text, if it shows text.
   */
  async conclude(): Promise<string | undefined> {
    await this.#read().catch(() => {})
    this.#concluded = true
    return typeof this.#last === 'string' ? undefined : textOf(imageOfVga(this.#last))
  }

  /** Notes nothing more of what is seen and typed. */
  async endRecording(): Promise<void> {
    await this.#parts.recording.close()
  }

  async #read(): Promise<VgaReading> {
    if (!this.#concluded) this.#last = await this.#parts.read()
    return this.#last
  }

  /** Has the machine examined when a wait misses its deadline. */
  async #examined<Met extends object>(
    wait: (signal: AbortSignal) => Promise<Met | Missed>,
    signal: AbortSignal,
  ): Promise<Met | Missed> {
    const outcome = await (this.#parts.alarm?.guard('vga', signal, wait) ?? wait(signal))
    if (!('failure' in outcome) || outcome.failure !== 'deadline') return outcome
    const diagnosis = await this.#parts.examine?.({ role: 'vga', printed: false, typed: false })
    return { ...outcome, diagnosis }
  }

  async #watchFor(
    { pattern, unless, stops, clock }: Watch,
    signal: AbortSignal,
  ): Promise<Seen | Missed> {
    let before: string | undefined
    let stopBefore: string | undefined
    for (;;) {
      signal.throwIfAborted()
      const ended = this.#end !== undefined
      const image = await this.#glance()
      const { waited, missed, left } = clock
      if (image !== undefined) {
        const text = image.lines.join('\n')
        const settled = ended || text === before
        // What stands on a screen at once has no order: what must not come counts first.
        const forbidden = unless === undefined ? undefined : findOnScreen(image, unless, settled)
        if (forbidden !== undefined) return { failure: 'printed', waited, printed: forbidden.text }
        const match = findOnScreen(image, pattern, settled)
        if (match !== undefined) {
          this.#accepted = new Set(image.lines)
          return { match, at: this.#parts.now() }
        }
        if (text !== before) this.#changedAt = this.#time
        before = text
      }
      const stop = image === undefined ? undefined : this.#stopOn(image, stops)
      // What is seen for the first time may be half a line, and what is awaited the other half.
      if (stop !== undefined && (ended || stop.line === stopBefore))
        return { failure: 'stop', waited, stop }
      stopBefore = stop?.line
      if (ended) return { failure: 'ended', waited }
      if (missed !== undefined) return { failure: 'deadline', waited, deadline: missed }
      await rest(Math.min(interval, left), signal)
    }
  }

  /** The screen, if it shows text and there still is one. */
  async #glance(): Promise<VgaImage | undefined> {
    try {
      const reading = await this.#read()
      if (typeof reading === 'string') return undefined
      const image = imageOfVga(reading)
      if (!this.#concluded) this.#parts.recording.shown(image)
      return image
    } catch (error) {
      // When the emulator dies, why it did is known only a moment later.
      await rest(interval)
      if (this.#end === undefined) throw error
      return undefined
    }
  }

  #stopOn({ lines }: VgaImage, stops: readonly StopText[]): Stop | undefined {
    for (const [row, line] of lines.entries()) {
      const before = () => lines.slice(0, row)
      const isNew = !this.#accepted.has(line)
      const stop = isNew ? findStop(line, stops, before) : undefined
      if (stop !== undefined) return stop
    }
    return undefined
  }
}

/** Waits for some milliseconds, or until the signal comes. */
const rest = async (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  await pause(milliseconds, undefined, { signal }).catch(() => {})

const noText = (reading: string): string => `There is no text on the VGA: ${reading}.`

const evidenceOf = (reading: VgaReading): string[] => {
  if (typeof reading === 'string') return [noText(reading)]
  const image = imageOfVga(reading)
  return isBlank(image) ? ['The screen of vga is blank.'] : ['The screen of vga:', ...boxed(image)]
}
