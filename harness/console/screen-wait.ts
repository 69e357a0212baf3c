import type { DeadlineClock } from './deadline-clock.ts'
import { LineScanner, linesBefore, type Line } from './lines.ts'
import type { ScreenImage } from './screen-image.ts'
import type { Screen } from './screen.ts'
import { findStop, type Stop, type StopText } from './stop.ts'
import type { Transcript } from './transcript.ts'
import { Turn } from './turn.ts'
import { isBefore, positionOf, quietMoment, type Missed, type Position } from './wait.ts'

/** A screen shows what was awaited. */
export interface Shown<T> {
  readonly match: T
  /** Whoever awaited it has seen what was printed up to here. */
  readonly seen: Position
}

/** What a wait for a screen looks at. */
export interface ScreenWaitParts<T> {
  readonly transcript: Transcript
  readonly screen: Screen
  /**
   * What is awaited, if a screen shows it.
   *
   * @param settled Whether nothing has come for a moment; until then the cursor's row may still grow.
   */
  readonly find: (image: ScreenImage, settled: boolean) => T | undefined
  /** Stops that begin before it were accepted by earlier waits. */
  readonly accepted: Position
  readonly stops: readonly StopText[]
  readonly clock: DeadlineClock
  readonly signal: AbortSignal
}

/** How long the last look may take after the deadline, in milliseconds. */
const lateLook = 1000

/**
 * Waits until a screen as a whole shows something: looks whenever bytes have come. What stands there
 * for less than a millisecond may go unseen; the transcript has it.
 */
export class ScreenWait<T> {
  readonly #parts: ScreenWaitParts<T>
  readonly #scanner: LineScanner
  #stop: Stop | undefined

  constructor(parts: ScreenWaitParts<T>) {
    this.#parts = parts
    this.#scanner = new LineScanner(parts.transcript, parts.accepted.offset)
  }

  /** @throws The signal's reason. */
  async run(): Promise<Shown<T> | Missed> {
    const { transcript, screen, find, clock, signal } = this.#parts
    for (;;) {
      // Asked before looking: a harness that was held up must not miss what came in time.
      const late = clock.missed
      const until = clock.waited + lateLook
      const isTooLate = () =>
        late === undefined ? clock.missed !== undefined : clock.waited > until
      const ended = transcript.end !== undefined
      const { silence } = transcript
      const quiet = ended || silence >= quietMoment
      const { size } = transcript
      if (!(await this.#readTo(size, quiet, isTooLate))) return this.#missed('deadline')
      // Whoever else looks may have taken in more, which breaks the silence.
      const settled = quiet && screen.readTo === size
      const match = find(screen.image, settled)
      if (match !== undefined) return { match, seen: this.#seen }
      if (this.#stop !== undefined) return { ...this.#missed('stop'), stop: this.#stop }
      if (ended) return this.#missed('ended')
      if (late !== undefined) return this.#missed('deadline')
      const pause = quiet ? clock.left : Math.min(quietMoment - silence, clock.left)
      await transcript.growth(size, { quiet: pause, signal })
    }
  }

  /** The end of what was read. */
  get #seen(): Position {
    const { offset, text } = this.#scanner.unfinished()
    return { offset, column: text.length }
  }

  #missed(failure: Missed['failure']): Missed {
    const { waited, missed } = this.#parts.clock
    return { failure, waited, ...(missed !== undefined && { deadline: missed }) }
  }

  /** Brings screen and scanner up to a byte offset. Resolves to false when that takes too long. */
  async #readTo(size: number, quiet: boolean, isTooLate: () => boolean): Promise<boolean> {
    const { screen, signal } = this.#parts
    const turn = new Turn()
    for (let line = this.#scanner.next(); line !== undefined; line = this.#scanner.next()) {
      this.#noteStop(line)
      if (!turn.over) continue
      await turn.pass()
      signal.throwIfAborted()
      if (isTooLate()) return false
    }
    if (quiet) this.#noteStop(this.#scanner.unfinished())
    while (screen.readTo < size) {
      signal.throwIfAborted()
      if (isTooLate()) return false
      await screen.advance()
    }
    signal.throwIfAborted()
    return true
  }

  #noteStop(line: Line): void {
    const { stops, accepted, transcript } = this.#parts
    const stop = findStop(line.raw, stops, () => linesBefore(transcript, line.offset))
    if (stop !== undefined && !isBefore(positionOf(line, stop), accepted)) this.#stop ??= stop
  }
}
