import { readingOn, readOn } from '../console/read-on.ts'
import { findStop, type Stop } from '../console/stop.ts'
import { LineScanner, linesBefore, type Line } from '../console/lines.ts'
import { isBefore, positionOf, type Position } from '../console/wait.ts'
import type { Transcript } from '../console/transcript.ts'
import { Turn } from '../console/turn.ts'
import type { KernelProfile } from '../kernel/profile.ts'

/** A phase that a boot has reached. Times are milliseconds since power-on. */
export interface Phase {
  readonly name: string
  readonly reached: number
  /** Until the next phase was reached, or the boot ended. */
  readonly duration: number
}

/** Values that a guest measured and printed: one object a line. */
export type Measurement = Readonly<Record<string, string | number>>

/** What is told while a boot goes on. A listener must not throw. */
export interface ObserverEvents {
  /** A phase has begun; the one before it is complete. */
  readonly onPhase?:
    | ((name: string, reached: number, before: Phase | undefined) => void)
    | undefined
  /** The guest has printed that it does not go on. */
  readonly onStop?: ((stop: Stop, position: Position) => void) | undefined
  readonly onMeasurement?: ((measurement: Measurement) => void) | undefined
}

/** A guest may fault for ever; how it began is what tells. */
const mostStops = 256

/**
 * Follows a console beside whoever waits on it, and notes the phases reached, the values measured
 * and what stopped the guest. Reads the transcript for itself, so it neither consumes anything nor holds anything up.
 */
export class Observer {
  readonly measurements: Measurement[] = []
  /** What the guest printed after which it does not go on by itself, the first 256 of it. */
  readonly stops: Stop[] = []
  readonly #positions: Position[] = []
  /** When the last one came, by `performance.now()`. */
  #stoppedAt = Number.NEGATIVE_INFINITY
  readonly #transcript: Transcript
  readonly #profile: KernelProfile
  readonly #events: ObserverEvents
  readonly #reached: { readonly name: string; readonly at: number }[] = []
  /** Settles when the transcript has ended and was read to its end. */
  readonly done: Promise<void>
  #benchmark: string | undefined

  constructor(transcript: Transcript, profile: KernelProfile, events: ObserverEvents) {
    this.#transcript = transcript
    this.#profile = profile
    this.#events = events
    this.#enter('loader', 0)
    this.done = this.#follow()
  }

  /**
   * The phases reached so far.
   *
   * @param now Milliseconds since power-on, at which the last phase is taken to end; none is later.
   */
  phases(now: number): Phase[] {
    const reached = this.#reached.filter(({ at }) => at <= now)
    return reached.map(({ name, at }, index) => ({
      name,
      reached: tenths(at),
      duration: tenths((reached[index + 1]?.at ?? now) - at),
    }))
  }

  /**
   * The crash that decides how the boot ended: the first that nobody awaited, else the last.
   *
   * @param accepted Up to where waits have seen the console.
   */
  crash(accepted: Position): { readonly stop: Stop; readonly awaited: boolean } | undefined {
    const crashes = this.stops.flatMap((stop, index) =>
      stop.outcome === 'crashed'
        ? [{ stop, awaited: isBefore(this.#positions[index]!, accepted) }]
        : [],
    )
    return crashes.find(({ awaited }) => !awaited) ?? crashes.at(-1)
  }

  /**
   * Lets the guest finish what it says when it has just printed that it cannot go on. Call it before the
   * machine is switched off.
   */
  async hearOut(): Promise<void> {
    const left = this.#stoppedAt + readingOn.limit - performance.now()
    if (left > 0) await readOn(this.#transcript, left)
  }

  async #follow(): Promise<void> {
    const scanner = new LineScanner(this.#transcript, 0)
    for (;;) {
      const turn = new Turn()
      for (let line = scanner.next(); line !== undefined; line = scanner.next()) {
        this.#observe(line.text, this.#transcript.arrivalOf(line.offset))
        this.#noteStop(line)
        if (turn.over) await turn.pass()
      }
      if (this.#transcript.end !== undefined) {
        this.#noteStop(scanner.unfinished())
        return
      }
      await this.#transcript.growth(scanner.readTo)
    }
  }

  #observe(text: string, at: number): void {
    for (const { phase, pattern } of this.#profile.milestones) {
      if (pattern.test(text) && !this.#reached.some(({ name }) => name === phase))
        this.#enter(phase, at)
    }
    for (const { heading, line } of this.#profile.measurements) {
      this.#benchmark = heading.exec(text)?.groups?.['benchmark'] ?? this.#benchmark
      const groups = line.exec(text)?.groups
      if (groups !== undefined && this.#benchmark !== undefined)
        this.#measure(this.#benchmark, groups)
    }
  }

  #noteStop(line: Line): void {
    if (this.stops.length === mostStops) return
    const before = () => linesBefore(this.#transcript, line.offset)
    const stop = findStop(line.raw, this.#profile.stops, before)
    if (stop === undefined) return
    this.stops.push(stop)
    this.#positions.push(positionOf(line, stop))
    this.#events.onStop?.(stop, positionOf(line, stop))
    this.#stoppedAt = performance.now()
  }

  #enter(name: string, at: number): void {
    const before = this.phases(at).at(-1)
    this.#reached.push({ name, at })
    this.#events.onPhase?.(name, at, before)
  }

  #measure(benchmark: string, groups: Readonly<Record<string, string>>): void {
    const values = Object.entries(groups).map(([name, value]) => [name, Number(value)] as const)
    const measurement = { benchmark, ...Object.fromEntries(values) }
    this.measurements.push(measurement)
    this.#events.onMeasurement?.(measurement)
  }
}

/** The transcript looks once a millisecond; finer figures would say more than is known. */
const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
