import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Transcript, type TranscriptEnd } from '../../console/transcript.ts'
import { typedTooLate } from '../../console/typing.ts'
import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { formatDuration } from '../../core/text.ts'
import { describeLine, type LineDescription } from './board.ts'
import { LineError, type Line, type LineTrouble } from './line.ts'
import { openLine } from './open-line.ts'
import type { OwnBoot } from './own-boot.ts'

/** Milliseconds between two tries to open a line that is away. */
const retryInterval = 20

/** Milliseconds that a line may be away while its board is on. */
const longestGap = 10_000

/** Milliseconds for which a line must stay to have been back. */
const shortestVisit = 200

/** Where a board's port writes to, and whom it tells. */
interface PortPlace {
  /** The run's. */
  readonly folder: string
  readonly role: string
  /** Milliseconds since power-on. */
  readonly now: () => number
  /** What relative paths of the line are relative to. */
  readonly directory: string
  /** The console ends: its line is gone for good. */
  readonly onLost: (end: TranscriptEnd) => void
}

/** Where a port's bytes go. */
type Gate =
  /** They are of an earlier boot. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'sifting'; readonly boot: OwnBoot; readonly onAgain: (line: string) => void }
  | { readonly kind: 'open' }
  | { readonly kind: 'over' }

/** A time in which a line was away, in milliseconds since power-on. */
export interface Gap {
  readonly from: number
  /** Nothing while it is away. */
  readonly to: number | undefined
  readonly reason: string
}

/**
 * One serial port of a board: a line that is read all the time, and opened again when it vanishes. What it says
 * is appended to a file, which the transcript follows, as an emulator's is; what is of no boot of this run
 * goes to another.
 */
export class BoardPort {
  readonly transcript: Transcript
  readonly gaps: Gap[] = []
  /** What the line did to bytes, where it tells. */
  readonly troubles = new Map<LineTrouble, number>()
  /** Bytes that no console prints. */
  noise = 0
  /** Bytes of other boots. */
  stale = 0
  /** Whether a break was sent, or Escape, by which some debuggers are entered. */
  hasAsked = false
  readonly #description: LineDescription
  readonly #place: PortPlace
  readonly #output: number
  readonly #stalePath: string
  #line: Line | undefined
  #gate: Gate = { kind: 'closed' }
  /** When the last byte came, by `performance.now()`. */
  #heardAt = 0
  #isOn = false
  readonly #over = new AbortController()
  #connecting: Promise<void> | undefined

  constructor(description: LineDescription, place: PortPlace) {
    const output = path.join(place.folder, `${place.role}.out`)
    this.#description = description
    this.#place = place
    this.#output = fs.openSync(output, 'w')
    this.#stalePath = path.join(place.folder, `${place.role}.stale`)
    this.transcript = new Transcript(output, place.role, place.now)
  }

  get line(): Line | undefined {
    return this.#line
  }

  /** Milliseconds since something came. */
  get silence(): number {
    return performance.now() - this.#heardAt
  }

  /**
   * Opens the line. One that is not there yet may come with the board's power.
   *
   * @throws {LineError} when somebody has to act first.
   */
  async attach(): Promise<void> {
    this.#heardAt = performance.now()
    await this.#open().catch((error: unknown) => {
      if (!(error instanceof LineError) || !error.isAbsent) throw error
    })
    await this.#line?.purge()
    if (this.#line === undefined) this.#reconnect()
  }

  /**
   * The board is on: from now on its bytes count, once they are known to be its own.
   *
   * @param boot Tells them apart; without it all count.
   * @param onAgain Told when the machine begins to boot again.
   */
  begin(boot: OwnBoot | undefined, onAgain: (line: string) => void): void {
    this.#gate = boot === undefined ? { kind: 'open' } : { kind: 'sifting', boot, onAgain }
    this.#isOn = true
  }

  /**
   * Waits for a line that comes with its board.
   *
   * @throws {BootstandError} when it does not.
   */
  async present(signal: AbortSignal | undefined): Promise<void> {
    const until = performance.now() + longestGap
    while (this.#line === undefined) {
      signal?.throwIfAborted()
      if (performance.now() > until) {
        const where = describeLine(this.#description)
        throw new LineError(
          `The line of ${this.#place.role}, ${where}, did not come within ${formatDuration(longestGap)} of power-on. Is its cable plugged in?`,
        )
      }
      await pause(retryInterval)
    }
  }

  /** Types bytes at the line's pace; waits for a line that is away. */
  async send(bytes: Buffer): Promise<void> {
    const { pace } = this.#description
    this.hasAsked ||= bytes.includes(escape)
    const pieces = pace === 0 ? [bytes] : [...bytes].map((byte) => Buffer.of(byte))
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await pause(pace)
      const line = await this.#awaitLine()
      await line.write(piece).catch((error: Error) => {
        throw this.#typingError(error.message)
      })
    }
  }

  async sendBreak(): Promise<void> {
    const line = await this.#awaitLine()
    this.hasAsked = true
    await line.sendBreak()
  }

  /** Ends the transcript: what the line still says is nobody's. */
  async conclude(end: TranscriptEnd): Promise<void> {
    if (this.#gate.kind === 'sifting') this.#keepStale(this.#gate.boot.rest())
    this.#gate = { kind: 'over' }
    this.#isOn = false
    await this.transcript.close(end)
  }

  /** Lets the line go. */
  async release(): Promise<void> {
    if (this.#over.signal.aborted) return
    this.#over.abort()
    await this.#connecting
    await this.#line?.close()
    fs.closeSync(this.#output)
  }

  async #open(): Promise<void> {
    this.#line = await openLine(this.#description, this.#place.directory, {
      onBytes: (bytes) => this.#take(bytes),
      onTrouble: (trouble) => {
        if (this.#isOn) this.troubles.set(trouble, (this.troubles.get(trouble) ?? 0) + 1)
      },
      onLost: (reason) => {
        this.#line = undefined
        if (this.#isOn) this.#noteGap(reason)
        this.#reconnect()
      },
    })
  }

  /** A line that is taken back at once was not there yet. */
  #noteGap(reason: string): void {
    const now = this.#place.now()
    const last = this.gaps.at(-1)
    const goesOn = last?.to !== undefined && now - last.to < shortestVisit
    const gap = { from: goesOn ? last.from : now, to: undefined, reason }
    if (goesOn) this.gaps[this.gaps.length - 1] = gap
    else this.gaps.push(gap)
  }

  /** Tries until the line is back, its board stays without it for too long, or nobody wants it. */
  #reconnect(): void {
    this.#connecting ??= this.#try().finally(() => {
      this.#connecting = undefined
    })
  }

  async #try(): Promise<void> {
    const { now, onLost } = this.#place
    while (this.#line === undefined && !this.#over.signal.aborted) {
      await pause(retryInterval)
      const problem = await this.#open().catch((error: Error) => error)
      const gap = this.gaps.at(-1)
      if (gap === undefined || gap.to !== undefined) continue
      if (problem === undefined) this.gaps[this.gaps.length - 1] = { ...gap, to: now() }
      else if (now() - gap.from > longestGap) {
        onLost({ what: `its line is gone: ${gap.reason}`, culprit: 'host' })
        return
      }
    }
    // It came back when nobody wanted it any more.
    if (this.#over.signal.aborted) await this.#line?.close()
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#heardAt = performance.now()
    const gate = this.#gate
    if (gate.kind === 'over') return
    if (gate.kind === 'closed') {
      this.#keepStale(bytes.toString('latin1'))
      return
    }
    if (gate.kind === 'open') {
      this.#record(bytes)
      return
    }
    const { stale, own, again } = gate.boot.sift(bytes.toString('latin1'))
    this.#keepStale(stale)
    this.#record(Buffer.from(own, 'latin1'))
    if (again !== undefined) gate.onAgain(again)
  }

  #record(bytes: Buffer): void {
    this.noise += bytes.reduce((sum, it) => sum + (isNoise(it) ? 1 : 0), 0)
    // A full disk is found by the transcript, which looks for it.
    attempt(() => fs.writeSync(this.#output, bytes))
  }

  #keepStale(text: string): void {
    if (text === '') return
    this.stale += text.length
    attempt(() => fs.appendFileSync(this.#stalePath, text, 'latin1'))
  }

  async #awaitLine(): Promise<Line> {
    const until = performance.now() + deadlines.typing
    for (;;) {
      const { end } = this.transcript
      if (end !== undefined) throw typedTooLate(this.#place.role, end)
      if (this.#line !== undefined) return this.#line
      if (performance.now() > until)
        throw this.#typingError(`its line is away (${this.gaps.at(-1)?.reason ?? 'never opened'})`)
      await pause(retryInterval)
    }
  }

  #typingError(reason: string): BootstandError {
    return new BootstandError(
      'BOOTSTAND_TYPING',
      'host',
      `Keys for ${this.#place.role} did not reach the board: ${reason}.`,
    )
  }
}

const escape = 0x1b

/** What a UART makes of a line at rest, a wrong speed or a glitch: no console prints NUL or 0xff. */
const isNoise = (byte: number): boolean => byte === 0 || byte === 0xff

const attempt = (action: () => void): void => {
  try {
    action()
  } catch {
    // Evidence that cannot be kept must not end the boot.
  }
}
