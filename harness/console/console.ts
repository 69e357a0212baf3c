import { deadlines, type WaitOptions } from '../core/deadline.ts'
import { BootstandError, failedStatus, type Culprit } from '../core/errors.ts'
import { formatDuration, visibleText } from '../core/text.ts'
import { lastLines } from './lines.ts'
import type { Stop, StopText } from './stop.ts'
import type { Transcript } from './transcript.ts'
import { describePattern, Wait, type Match, type Missed, type Pattern } from './wait.ts'

/** Why a wait failed: `printed` is for a console that was to be quiet. */
export type WaitFailure = Missed['failure'] | 'printed'

const codes: Record<WaitFailure, string> = {
  deadline: 'BOOTSTAND_NOT_PRINTED',
  stop: 'BOOTSTAND_STOPPED',
  ended: 'BOOTSTAND_ENDED',
  printed: 'BOOTSTAND_PRINTED',
}

/** A wait failed: a text did not come, or a console was not quiet. The message shows what came. */
export class WaitError extends BootstandError {
  readonly failure: WaitFailure
  /** What the guest printed that ended the wait, if it did. */
  readonly stop: Stop | undefined

  constructor(failure: WaitFailure, culprit: Culprit, message: string, stop?: Stop) {
    // A guest that does not print what it should is a failed test, whoever is to blame.
    super(codes[failure], culprit, message, { exitStatus: failedStatus })
    this.name = 'WaitError'
    this.failure = failure
    this.stop = stop
  }
}

const tailLength = 12

/** The parts that a console is made of. */
export interface ConsoleParts {
  readonly role: string
  readonly transcript: Transcript
  /** No wait finds anything before a line that this matches; see `KernelProfile.begins`. */
  readonly begins?: RegExp | undefined
  /** Texts that end every wait at once. */
  readonly stops: readonly StopText[]
  /** Sends bytes to the guest; settles when they are on their way. */
  readonly send: (bytes: Buffer) => Promise<void>
  /** Told how every wait ended: with an error, or well. */
  readonly onWaited: (error: WaitError | undefined) => void
  /** Ends every wait. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One named stream of bytes from a target, by its role in the scenario (`herc`, `ttyS0`).
 *
 * Matching rules. Lines end at a line feed; carriage returns and escape sequences do not count. A
 * text matches on a complete line; on an unfinished one a string matches at once, a RegExp after a
 * quiet moment. A wait consumes the transcript up to the end of its match and no further; the next
 * one goes on from there, so a console has one wait at a time.
 */
export class Console {
  readonly role: string
  readonly transcript: Transcript
  readonly #parts: ConsoleParts
  #position = { offset: 0, column: 0 }
  #awaited: Pattern | undefined
  #prompted = false
  #abandoned = false

  constructor(parts: ConsoleParts) {
    this.role = parts.role
    this.transcript = parts.transcript
    this.#parts = parts
  }

  /**
   * Waits until the guest prints `pattern`, from where the last wait ended.
   *
   * @throws {WaitError} when it does not within the deadline, prints something after which no boot
   *   goes on, or is gone.
   */
  async waitFor(pattern: Pattern, options: WaitOptions = {}): Promise<Match> {
    const within = checkedDeadline(options.within ?? deadlines.print)
    if (this.#awaited !== undefined) throw this.#busy(pattern)
    const { transcript, begins, stops, onWaited } = this.#parts
    const signal = this.#signal(options)
    const wait = new Wait({
      transcript,
      pattern,
      start: this.#position,
      begins,
      stops,
      within,
      signal,
    })
    this.#awaited = pattern
    try {
      const result = await wait.run()
      // Its test is over: nobody is there to be told.
      if (this.#abandoned) return await new Promise<never>(() => {})
      if ('failure' in result) throw this.#missed(pattern, within, result)
      this.#position = result.end
      this.#prompted = true
      onWaited(undefined)
      return result.match
    } finally {
      this.#awaited = undefined
    }
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
    const until = performance.now() + checkedDeadline(milliseconds)
    let { size } = transcript
    let broken = false
    for (let left = milliseconds; left > 0 && !broken; left = until - performance.now()) {
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
  async type(text: string): Promise<void> {
    if (!this.#prompted) {
      throw new BootstandError(
        'BOOTSTAND_TYPED_AHEAD',
        'usage',
        `type(${JSON.stringify(text)}) on ${this.role}: expected a wait for a prompt before it, found none ` +
          'since the last keys. Guests lose keys that come early; await what asks for them first.',
      )
    }
    this.#prompted = false
    await this.pass(Buffer.from(text, 'latin1'))
  }

  /** Passes keys on at once, as a person types them; nothing is awaited. */
  async pass(bytes: Buffer): Promise<void> {
    await this.#parts.send(bytes)
    this.transcript.typed(bytes.toString('latin1'))
  }

  /**
   * Gives up the wait that is still going on, if any: it settles no more.
   *
   * @returns what it waited for, as its author wrote it.
   */
  abandonWait(): string | undefined {
    if (this.#awaited === undefined) return undefined
    this.#abandoned = true
    return describePattern(this.#awaited)
  }

  #signal({ signal }: WaitOptions): AbortSignal {
    return AbortSignal.any([this.#parts.signal, signal].filter((it) => it !== undefined))
  }

  #busy(pattern: Pattern): BootstandError {
    return new BootstandError(
      'BOOTSTAND_TWO_WAITS',
      'usage',
      `${this.role} is still waiting for ${describePattern(this.#awaited!)}; found a second wait, for ` +
        `${describePattern(pattern)}. Await the first one before it.`,
    )
  }

  #missed(pattern: Pattern, within: number, { failure, stop, waited }: Missed): WaitError {
    const { end } = this.transcript
    const [reason, culprit] = {
      deadline: (): [string, Culprit] => [
        `it was not printed within ${formatDuration(within)}`,
        'guest',
      ],
      stop: (): [string, Culprit] => [stop!.meaning, stop!.culprit],
      // Whoever waits on a machine that was switched off has made a mistake.
      ended: (): [string, Culprit] => [end!.what, end!.culprit ?? 'usage'],
    }[failure]()
    const what = `did not print ${describePattern(pattern)}: ${reason} (waited ${formatDuration(waited)}).`
    return this.#failed(failure, culprit, what, stop)
  }

  #failed(failure: WaitFailure, culprit: Culprit, what: string, stop?: Stop): WaitError {
    const tail = lastLines(this.transcript, tailLength).map(
      (line) => `  | ${visibleText(line.replaceAll('\r', ''))}`,
    )
    const message = [
      `${this.role} ${what}`,
      tail.length === 0
        ? `Nothing at all was printed on ${this.role}.`
        : `The last lines of ${this.role}:`,
      ...tail,
      `Whole transcript: ${this.transcript.path}`,
    ].join('\n')
    const error = new WaitError(failure, culprit, message, stop)
    this.#parts.onWaited(error)
    return error
  }
}

/** The longest that a timer of Node can run, in milliseconds. */
const longestDeadline = 2 ** 31 - 1

const checkedDeadline = (milliseconds: number): number => {
  if (milliseconds >= 0 && milliseconds <= longestDeadline) return milliseconds
  throw new BootstandError(
    'BOOTSTAND_DEADLINE',
    'usage',
    `Expected a deadline of 0 to ${longestDeadline} milliseconds, found ${milliseconds}.`,
  )
}
