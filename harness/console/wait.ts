import { BootstandError } from '../core/errors.ts'
import { isIn437 } from '../formats/code-page-437.ts'
import type { DeadlineKind } from '../core/deadline.ts'
import type { DeadlineClock } from './deadline-clock.ts'
import type { Position } from '../run-folder/checkpoint-file.ts'
import type { Diagnosis } from './diagnosis.ts'
import { LineScanner, linesBefore, type Line } from './lines.ts'
import { findStop, type Stop, type StopText } from './stop.ts'
import type { Transcript } from './transcript.ts'
import { Turn } from './turn.ts'

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

export type { Position } from '../run-folder/checkpoint-file.ts'

/** A wait's text has come. */
export interface Found {
  readonly match: Match
  readonly end: Position
}

/** A wait's text has not come, or not before another that must not come. */
export interface Missed {
  readonly failure: 'deadline' | 'stop' | 'ended' | 'printed'
  /** Milliseconds. */
  readonly waited: number
  /** Which of its deadlines it missed. */
  readonly deadline?: DeadlineKind
  readonly stop?: Stop
  /** The other console that showed it, and its lines, for messages. */
  readonly elsewhere?: { readonly role: string; readonly lines: readonly string[] }
  /** What must not come, as it came. */
  readonly printed?: string
  /** Why it has not come, where the machine was examined. */
  readonly diagnosis?: Diagnosis | undefined
}

/** What a wait looks at. */
export interface WaitParts {
  readonly transcript: Transcript
  readonly pattern: Pattern
  /** What must not come before it. */
  readonly unless?: Pattern | undefined
  readonly start: Position
  /** Stops that begin before it were accepted by earlier waits. */
  readonly accepted: Position
  readonly stops: readonly StopText[]
  /** Nothing matches before a line that this matches, where it is given. */
  readonly begins?: RegExp | undefined
  readonly clock: DeadlineClock
  readonly signal: AbortSignal
}

/**
 * After this much silence, in milliseconds, an unfinished line is taken as it stands: prompts end in
 * no line feed, and a greedy pattern must not match the first half of a word.
 */
export const quietMoment = 50

/** One wait: goes through the lines from a position on until one matches or nothing can come. */
export class Wait {
  readonly #parts: WaitParts
  readonly #pattern: Pattern
  readonly #unless: Pattern | undefined
  readonly #scanner: LineScanner
  #begun: boolean

  /** @throws {BootstandError} when the pattern can match nothing, or anything. */
  constructor(parts: WaitParts) {
    this.#parts = parts
    this.#pattern = usablePattern(parts.pattern)
    this.#unless = parts.unless === undefined ? undefined : usablePattern(parts.unless)
    this.#scanner = new LineScanner(parts.transcript, parts.start.offset)
    this.#begun = parts.begins === undefined || parts.start.offset > 0 || parts.start.column > 0
  }

  /** @throws The signal's reason. */
  async run(): Promise<Found | Missed> {
    const { transcript, clock, signal } = this.#parts
    for (;;) {
      signal.throwIfAborted()
      // Asked before looking: a harness that was held up must not miss what came in time.
      const late = clock.missed
      const ended = transcript.end !== undefined
      const { silence } = transcript
      const quiet = ended || silence >= quietMoment
      const outcome = await this.#scan(quiet)
      if (outcome !== undefined) return outcome
      if (ended) return { failure: 'ended', waited: this.#waited }
      if (late !== undefined) return { failure: 'deadline', waited: this.#waited, deadline: late }
      const pause = quiet ? clock.left : Math.min(quietMoment - silence, clock.left)
      await transcript.growth(this.#scanner.readTo, { quiet: pause, signal })
    }
  }

  get #waited(): number {
    return this.#parts.clock.waited
  }

  /** Looks at everything that has come, letting others in between; after the deadline at what came by then. */
  async #scan(quiet: boolean): Promise<Found | Missed | undefined> {
    const { transcript, clock, signal } = this.#parts
    const turn = new Turn()
    let deadline: DeadlineKind | undefined
    let end = Infinity
    for (let line = this.#scanner.next(); line !== undefined; line = this.#scanner.next()) {
      if (deadline !== undefined && line.offset >= end)
        return { failure: 'deadline', waited: this.#waited, deadline }
      const outcome = this.#try(line)
      if (outcome !== undefined) return outcome
      if (!turn.over) continue
      await turn.pass()
      signal.throwIfAborted()
      deadline ??= clock.missed
      if (end === Infinity && deadline !== undefined) end = transcript.size
    }
    const unfinished = this.#scanner.unfinished()
    if (quiet) return this.#try(unfinished)
    // A string that stands there stays there; a RegExp may yet match more.
    return typeof this.#pattern === 'string' ? this.#found(unfinished) : undefined
  }

  #try(line: Line): Found | Missed | undefined {
    return this.#found(line) ?? this.#forbidden(line) ?? this.#stop(line)
  }

  /** What was awaited, or what must not come and stands before it in the same line. */
  #found(line: Line): Found | Missed | undefined {
    const found = this.#match(line)
    if (found === undefined) return undefined
    const before = { ...line, text: line.text.slice(0, found.end.column - found.match.text.length) }
    return this.#forbidden(before) ?? found
  }

  #forbidden(line: Line): Missed | undefined {
    if (this.#unless === undefined || !this.#begun) return undefined
    const found = search(line.text, this.#unless, this.#consumed(line))
    return found && { failure: 'printed', waited: this.#waited, printed: found.text }
  }

  #match(line: Line): Found | undefined {
    const { text } = line
    this.#begun ||= this.#parts.begins!.test(text)
    if (!this.#begun) return undefined
    const found = search(text, this.#pattern, this.#consumed(line))
    if (found === undefined) return undefined
    const { index, ...match } = found
    return {
      match: { ...match, line: text, at: this.#parts.transcript.arrivalOf(line.offset) },
      end: { offset: line.offset, column: index + match.text.length },
    }
  }

  #stop(line: Line): Missed | undefined {
    const { stops, transcript, accepted } = this.#parts
    const stop = findStop(line.raw, stops, () => linesBefore(transcript, line.offset))
    if (stop === undefined || isBefore(positionOf(line, stop), accepted)) return undefined
    return { failure: 'stop', waited: this.#waited, stop }
  }

  /** How many characters of a line earlier waits have consumed. */
  #consumed({ offset }: Line): number {
    const { start } = this.#parts
    return offset === start.offset ? start.column : 0
  }
}

/** Where in a transcript a stop begins. */
export const positionOf = ({ offset }: Line, { column }: Stop): Position => ({ offset, column })

export const isBefore = (a: Position, b: Position): boolean =>
  a.offset < b.offset || (a.offset === b.offset && a.column < b.column)

/** @throws {BootstandError} when a pattern can match nothing, or anything. */
export const usablePattern = (
  pattern: Pattern,
  characters: keyof typeof readable = 'latin1',
): Pattern => {
  if (typeof pattern === 'string') {
    if (pattern === '') throw unusable(pattern, 'it is empty')
    if (/[\r\n]/.test(pattern)) throw unusable(pattern, 'a text is matched within one line')
    const { has, reason } = readable[characters]
    if (!has(pattern)) throw unusable(pattern, reason)
    return pattern
  }
  // `g` makes exec start at lastIndex; `y` would pin the match to it.
  const global = new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, '')}g`)
  if (global.test(''))
    throw unusable(pattern, 'it matches nothing at all, so it would match at once')
  return global
}

/** What characters can come at all. */
const readable = {
  latin1: {
    has: (text: string) => !/[^\0-\xff]/.test(text),
    reason: 'consoles are read as Latin-1',
  },
  cp437: { has: isIn437, reason: "a PC's screen has no such character" },
} as const

const unusable = (pattern: Pattern, reason: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_PATTERN',
    'usage',
    `Expected a text within one line, found ${describePattern(pattern)}: ${reason}. Await the lines one after another.`,
  )

/** A pattern as its author wrote it. */
export const describePattern = (pattern: Pattern): string =>
  typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern)

/** Where in a text a usable pattern matches first, from a character on. */
export const search = (
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
