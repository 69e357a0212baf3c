import { setImmediate as nextTurn } from 'node:timers/promises'
import { readingOn, readOn } from '../console/read-on.ts'
import { findStop, type Stop } from '../console/stop.ts'
import { LineScanner, linesBefore, type Line } from '../console/lines.ts'
import { deadlines } from '../core/deadline.ts'
import { isBefore, positionOf, type Position } from '../console/wait.ts'
import type { Transcript } from '../console/transcript.ts'
import { Turn } from '../console/turn.ts'
import type { Measurement, Phase } from '../run-folder/verdict.ts'
import type { KernelProfile } from '../kernel/profile.ts'

export type { Measurement, Phase } from '../run-folder/verdict.ts'

/** What is told while a boot goes on. A listener must not throw. */
export interface ObserverEvents {
  /** A phase has begun; the one before it is complete. None is named on several consoles: one that came before may yet be read. */
  readonly onPhase?:
    | ((name: string, reached: number, before: Phase | undefined) => void)
    | undefined
  /** The guest has printed that it does not go on. */
  readonly onStop?: ((stop: Stop, where: StopPlace) => void) | undefined
  readonly onMeasurement?: ((measurement: Measurement) => void) | undefined
}

/** Where a stop was printed. */
export interface StopPlace {
  /** The console's role. */
  readonly role: string
  readonly position: Position
}

/** A console to follow. */
export interface ObservedConsole {
  readonly role: string
  readonly transcript: Transcript
}

/** A guest may fault for ever; how it began is what tells. */
const mostStops = 256

/**
 * Follows consoles beside whoever waits on them, and notes the phases reached, the values measured
 * and what stopped the guest. Reads the transcripts for itself, so it neither consumes anything nor holds anything up.
 */
export class Observer {
  readonly measurements: Measurement[] = []
  /** What the guest printed after which it does not go on by itself, the first 256 of it. */
  readonly stops: Stop[] = []
  readonly #places: StopPlace[] = []
  /** Where the last one came, and when, by the clock of its silence. */
  #lastStop: { readonly transcript: Transcript; readonly at: number } | undefined
  /** Bytes of each console, by its role, whose complete lines were observed. */
  readonly #observed = new Map<string, number>()
  readonly #consoles: readonly ObservedConsole[]
  readonly #profile: KernelProfile
  readonly #events: ObserverEvents
  readonly #reached: { readonly name: string; readonly at: number }[] = []
  /** Settles when every transcript has ended and was read to its end. */
  readonly done: Promise<void>
  #benchmark: string | undefined

  /** @param consoles The kernel's own first. */
  constructor(
    consoles: readonly ObservedConsole[],
    profile: KernelProfile,
    events: ObserverEvents,
  ) {
    this.#consoles = consoles
    this.#profile = profile
    this.#events = events
    this.#enter('loader', 0)
    this.done = Promise.all(consoles.map(async (it) => await this.#follow(it))).then(() => {})
  }

  /**
   * The phases reached so far.
   *
   * @param now Milliseconds since power-on, at which the last phase is taken to end; none is later.
   */
  phases(now: number): Phase[] {
    const reached = this.#inOrder().filter(({ at }) => at <= now)
    return reached.map(({ name, at }, index) => ({
      name,
      reached: tenths(at),
      duration: tenths((reached[index + 1]?.at ?? now) - at),
    }))
  }

  /** Between consoles nobody sees which line came first; the profile lists phases as they follow each other. */
  #inOrder(): readonly { readonly name: string; readonly at: number }[] {
    const listed = this.#profile.milestones.map(({ phase }) => phase)
    const ordered = this.#reached.toSorted(
      (a, b) => listed.indexOf(a.name) - listed.indexOf(b.name),
    )
    return ordered.map(({ name }, index) => ({
      name,
      at: Math.min(...ordered.slice(index).map(({ at }) => at)),
    }))
  }

  /**
   * The crash that decides how the boot ended: the first that nobody awaited, else the last.
   *
   * @param accepted Up to where waits have seen a console.
   */
  crash(
    accepted: (role: string) => Position,
  ): { readonly stop: Stop; readonly awaited: boolean } | undefined {
    const crashes = this.stops.flatMap((stop, index) =>
      stop.outcome === 'crashed' ? [{ stop, awaited: isSeen(this.#places[index]!, accepted) }] : [],
    )
    return crashes.find(({ awaited }) => !awaited) ?? crashes.at(-1)
  }

  /**
   * Lets the guest finish what it says when it has just printed that it cannot go on. Call it before the
   * machine is switched off.
   */
  async hearOut(): Promise<void> {
    await this.#caughtUp()
    if (this.#lastStop === undefined) return
    const { transcript, at } = this.#lastStop
    await readOn(transcript, at + readingOn.limit - transcript.time)
  }

  /** Waits until what the consoles have by now was observed: a wait may have read a stop first. */
  async #caughtUp(): Promise<void> {
    const sizes = this.#consoles.map(({ transcript }) => transcript.size)
    const isBehind = () =>
      this.#consoles.some(({ role }, index) => (this.#observed.get(role) ?? 0) < sizes[index]!)
    const latest = performance.now() + deadlines.evidence
    while (isBehind() && performance.now() < latest) await nextTurn()
  }

  async #follow(console: ObservedConsole): Promise<void> {
    const { transcript } = console
    const scanner = new LineScanner(transcript, 0)
    for (;;) {
      const turn = new Turn()
      for (let line = scanner.next(); line !== undefined; line = scanner.next()) {
        this.#observe(line.text, transcript.arrivalOf(line.offset))
        this.#noteStop(console, line)
        if (turn.over) await turn.pass()
      }
      this.#observed.set(console.role, scanner.readTo)
      if (transcript.end !== undefined) {
        const prompt = scanner.unfinished()
        this.#observe(prompt.text, transcript.arrivalOf(prompt.offset))
        this.#noteStop(console, prompt)
        return
      }
      await transcript.growth(scanner.readTo)
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

  #noteStop({ role, transcript }: ObservedConsole, line: Line): void {
    if (this.stops.length === mostStops) return
    const before = () => linesBefore(transcript, line.offset)
    const stop = findStop(line.raw, this.#profile.stops, before)
    if (stop === undefined) return
    const place = { role, position: positionOf(line, stop) }
    this.stops.push(stop)
    this.#places.push(place)
    this.#events.onStop?.(stop, place)
    this.#lastStop = { transcript, at: transcript.time }
  }

  #enter(name: string, at: number): void {
    const before = this.#consoles.length === 1 ? this.phases(at).at(-1) : undefined
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

const isSeen = ({ role, position }: StopPlace, accepted: (role: string) => Position): boolean =>
  isBefore(position, accepted(role))

/** The transcript looks once a millisecond; finer figures would say more than is known. */
const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
