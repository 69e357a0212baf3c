import { deadlines, type WaitOptions } from '../core/deadline.ts'
import { BootstandError, type Culprit } from '../core/errors.ts'
import { formatDuration, visibleText } from '../core/text.ts'
import { lastLines, LineScanner, type Line } from './lines.ts'
import { findStop, type Stop, type StopText } from './stop.ts'
import type { Transcript } from './transcript.ts'

/** A string is looked for as it is; a RegExp is tried on one line at a time. */
export type Pattern = string | RegExp

/** Where and when an awaited text was found. */
export interface Match {
  /** The matched characters. */
  readonly text: string
  /** The whole line that they stand in, without escape sequences. */
  readonly line: string
  /** The pattern's named groups. */
  readonly groups: Readonly<Record<string, string>>
  /** Milliseconds since power-on at which the line's beginning was seen. */
  readonly at: number
}

/** Why a wait ended without its text. */
export type WaitFailure = 'deadline' | 'stop' | 'ended'

/** The awaited text did not come. Its message shows what came instead. */
export class WaitError extends BootstandError {
  readonly failure: WaitFailure
  /** What the guest printed that ended the wait, if it did. */
  readonly stop: Stop | undefined

  constructor(failure: WaitFailure, culprit: Culprit, message: string, stop?: Stop) {
    super(
      `BOOTSTAND_${failure === 'deadline' ? 'NOT_PRINTED' : failure.toUpperCase()}`,
      culprit,
      message,
    )
    this.failure = failure
    this.stop = stop
  }
}

/**
 * After this much silence, in milliseconds, an unfinished line is taken as it stands: prompts end in
 * no line feed, and a greedy pattern must not match the first half of a word.
 */
const quietMoment = 50

const tailLength = 12

/** The parts that a console is made of. */
export interface ConsoleParts {
  readonly role: string
  readonly transcript: Transcript
  /** Texts that end every wait at once. */
  readonly stops: readonly StopText[]
  /** Sends bytes to the guest. */
  readonly send: (bytes: Buffer) => void
  /** Told of every wait that failed. */
  readonly onFailure: (error: WaitError) => void
  /** Ends every wait. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One named stream of bytes from a target, by its role in the scenario (`herc`, `ttyS0`).
 *
 * Matching rules. Lines end at a line feed; carriage returns and escape sequences do not count. A
 * text matches on a complete line; on an unfinished one a string matches at once, a RegExp after a
 * quiet moment. A wait consumes the transcript up to the end of its match and no further.
 */
export class Console {
  readonly role: string
  readonly transcript: Transcript
  readonly #parts: ConsoleParts
  #position = { offset: 0, column: 0 }
  #prompted = false

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
    const wait = new Wait(this.transcript, pattern, this.#position, this.#parts.stops)
    const within = options.within ?? deadlines.print
    const signals = [this.#parts.signal, options.signal].filter((it) => it !== undefined)
    const result = await wait.run(within, AbortSignal.any(signals))
    if ('failure' in result) {
      const error = this.#failed(pattern, within, result)
      this.#parts.onFailure(error)
      throw error
    }
    this.#position = result.end
    this.#prompted = true
    return result.match
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
    this.pass(Buffer.from(text, 'latin1'))
  }

  /** Passes keys on at once, as a person types them; nothing is awaited. */
  pass(bytes: Buffer): void {
    this.transcript.typed(bytes.toString('latin1'))
    this.#parts.send(bytes)
  }

  #failed(pattern: Pattern, within: number, ending: Failed): WaitError {
    const end = this.transcript.end
    const reason = {
      deadline: () => `it was not printed within ${formatDuration(within)}`,
      stop: () => ending.stop!.meaning,
      ended: () => end?.what ?? 'the console ended',
    }[ending.failure]()
    const culprit = ending.stop?.culprit ?? (ending.failure === 'ended' ? end?.culprit : undefined)
    const tail = lastLines(this.transcript, tailLength).map((line) => `  | ${visibleText(line)}`)
    const message = [
      `${this.role} did not print ${describe(pattern)}: ${reason} (waited ${formatDuration(ending.waited)}).`,
      tail.length === 0
        ? `Nothing at all was printed on ${this.role}.`
        : `The last lines of ${this.role}:`,
      ...tail,
      `Whole transcript: ${this.transcript.path}`,
    ].join('\n')
    return new WaitError(ending.failure, culprit ?? 'guest', message, ending.stop)
  }
}

const describe = (pattern: Pattern): string =>
  typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern)

interface Position {
  /** Byte offset of a line's beginning. */
  readonly offset: number
  /** Characters of that line's plain text that are consumed. */
  readonly column: number
}

interface Found {
  readonly match: Match
  readonly end: Position
}

interface Failed {
  readonly failure: WaitFailure
  readonly waited: number
  readonly stop?: Stop
}

/** One wait: goes through the lines from a position on until one matches or nothing can come. */
class Wait {
  readonly #transcript: Transcript
  readonly #pattern: Pattern
  readonly #start: Position
  readonly #stops: readonly StopText[]
  readonly #scanner: LineScanner

  constructor(
    transcript: Transcript,
    pattern: Pattern,
    start: Position,
    stops: readonly StopText[],
  ) {
    this.#transcript = transcript
    this.#pattern = singleLine(pattern)
    this.#start = start
    this.#stops = stops
    this.#scanner = new LineScanner(transcript, start.offset)
  }

  async run(within: number, signal: AbortSignal): Promise<Found | Failed> {
    const started = performance.now()
    const waited = () => performance.now() - started
    let quiet = false
    for (;;) {
      const outcome = this.#scan(quiet)
      if (outcome !== undefined) {
        return 'match' in outcome ? outcome : { failure: 'stop', waited: waited(), stop: outcome }
      }
      if (this.#transcript.end !== undefined) {
        // What ended the console may have come between the scan and the look at its end.
        const last = this.#scan(true)
        if (last !== undefined && 'match' in last) return last
        return { failure: 'ended', waited: waited(), ...(last && { stop: last }) }
      }
      const left = within - waited()
      if (left <= 0) return { failure: 'deadline', waited: waited() }
      const silence: number = quiet ? left : Math.min(quietMoment, left)
      quiet = !(await this.#transcript.growth(this.#scanner.readTo, { quiet: silence, signal }))
    }
  }

  /** Looks at everything that has come. */
  #scan(quiet: boolean): Found | Stop | undefined {
    for (let line = this.#scanner.next(); line !== undefined; line = this.#scanner.next()) {
      const outcome = this.#match(line) ?? this.#stop(line)
      if (outcome !== undefined) return outcome
    }
    const unfinished = this.#scanner.unfinished()
    if (quiet) return this.#match(unfinished) ?? this.#stop(unfinished)
    return typeof this.#pattern === 'string' ? this.#match(unfinished) : undefined
  }

  #match(line: Line): Found | undefined {
    const { text } = line
    const from = line.offset === this.#start.offset ? this.#start.column : 0
    const found = search(text, this.#pattern, from)
    if (found === undefined) return undefined
    return {
      match: {
        text: found.text,
        line: text,
        groups: found.groups,
        at: this.#transcript.arrivalOf(line.offset),
      },
      end: { offset: line.offset, column: found.index + found.text.length },
    }
  }

  #stop(line: Line): Stop | undefined {
    // The line that the last wait ended in was accepted by that wait, whatever it says.
    if (line.offset === this.#start.offset && this.#start.column > 0) return undefined
    return findStop(line.raw, this.#stops)
  }
}

const singleLine = (pattern: Pattern): Pattern => {
  if (typeof pattern === 'string') {
    if (!pattern.includes('\n') && pattern !== '') return pattern
    throw new BootstandError(
      'BOOTSTAND_PATTERN',
      'usage',
      `Expected a text within one line, found ${JSON.stringify(pattern)}. Await the lines one after another.`,
    )
  }
  // `g` makes exec start at lastIndex; `y` would pin the match to it.
  return new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, '')}g`)
}

const search = (
  text: string,
  pattern: Pattern,
  from: number,
): { index: number; text: string; groups: Record<string, string> } | undefined => {
  if (typeof pattern === 'string') {
    const index = text.indexOf(pattern, from)
    return index === -1 ? undefined : { index, text: pattern, groups: {} }
  }
  pattern.lastIndex = from
  const found = pattern.exec(text)
  return found === null
    ? undefined
    : { index: found.index, text: found[0], groups: { ...found.groups } }
}
