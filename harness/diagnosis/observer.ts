import { LineScanner } from '../console/lines.ts'
import type { Transcript } from '../console/transcript.ts'
import type { KernelProfile, PhaseName } from '../kernel/profile.ts'

/** A phase that a boot has reached. Times are milliseconds since power-on. */
export interface Phase {
  readonly name: PhaseName
  readonly reached: number
  /** Until the next phase was reached, or the boot ended. */
  readonly duration: number
}

/** Values that a guest measured and printed: one object a line. */
export type Measurement = Readonly<Record<string, string | number>>

/** What is told while a boot goes on. */
export interface ObserverEvents {
  /** A phase has begun; the one before it is complete. */
  readonly onPhase?:
    | ((name: PhaseName, reached: number, before: Phase | undefined) => void)
    | undefined
  readonly onMeasurement?: ((measurement: Measurement) => void) | undefined
}

/**
 * Follows a console beside whoever waits on it, and notes the phases reached and the values
 * measured. Reads the transcript for itself, so it neither consumes anything nor holds anything up.
 */
export class Observer {
  readonly measurements: Measurement[] = []
  readonly #transcript: Transcript
  readonly #profile: KernelProfile
  readonly #events: ObserverEvents
  readonly #reached: { readonly name: PhaseName; readonly at: number }[] = []
  readonly #done: Promise<void>
  #benchmark: string | undefined

  constructor(transcript: Transcript, profile: KernelProfile, events: ObserverEvents) {
    this.#transcript = transcript
    this.#profile = profile
    this.#events = events
    this.#enter('loader', 0)
    this.#done = this.#follow()
  }

  /** Settles when the transcript has ended and was read to its end. */
  async done(): Promise<void> {
    await this.#done
  }

  /**
   * The phases reached so far.
   *
   * @param now Milliseconds since power-on, at which the last phase is taken to end.
   */
  phases(now: number): Phase[] {
    return this.#reached.map(({ name, at }, index) => ({
      name,
      reached: tenths(at),
      duration: tenths((this.#reached[index + 1]?.at ?? now) - at),
    }))
  }

  async #follow(): Promise<void> {
    const scanner = new LineScanner(this.#transcript, 0)
    for (;;) {
      for (let line = scanner.next(); line !== undefined; line = scanner.next()) {
        this.#observe(line.text, this.#transcript.arrivalOf(line.offset))
      }
      if (this.#transcript.end !== undefined) return
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

  #enter(name: PhaseName, at: number): void {
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
