import fs from 'node:fs/promises'
import { castEvent, castHeader, unwatchedMarker, type CastKind } from '../formats/asciicast.ts'
import type { Arrivals } from './arrivals.ts'

/** Longest time between two looks that needs no mention, in milliseconds. */
export const usualGap = 2

/** What a timed copy is made from. */
export interface CastSource {
  readonly size: number
  /** At most 64 KiB from an offset on, one character a byte. */
  text(offset: number): string
}

/** Keys that were typed, or a marker that was set, when so much of the transcript had been seen. */
interface Note {
  readonly offset: number
  readonly at: number
  readonly kind: CastKind
  readonly text: string
}

/**
 * Writes the timed copy of a transcript, an asciicast with the typed keys in it. It reads the transcript
 * for itself, one piece at a time, so a slow disk makes it late and nothing waits in memory.
 */
export class CastWriter {
  readonly #file: Promise<fs.FileHandle>
  readonly #source: CastSource
  readonly #arrivals: Arrivals
  readonly #onFailure: (error: Error) => void
  readonly #notes: Note[] = []
  /** How far the transcript was copied. */
  #offset = 0
  #copying: Promise<void> | undefined
  #failed = false

  /** @param onFailure Told once when nothing more can be written. */
  constructor(
    path: string,
    title: string,
    source: CastSource,
    arrivals: Arrivals,
    onFailure: (error: Error) => void,
  ) {
    this.#source = source
    this.#arrivals = arrivals
    this.#onFailure = onFailure
    this.#file = fs.open(path, 'w')
    this.#copying = this.#guarded(async () => {
      await (await this.#file).appendFile(castHeader(title))
      await this.#copy()
    })
  }

  /** Copies what has come, as soon as the disk takes it. */
  advance(): void {
    if (this.#failed) return
    this.#copying ??= this.#guarded(async () => await this.#copy())
  }

  /** Takes in keys that were typed now. */
  typed(at: number, text: string): void {
    this.#note(at, 'i', text)
  }

  /** Sets a marker. */
  mark(at: number, text: string): void {
    this.#note(at, 'm', text)
  }

  #note(at: number, kind: CastKind, text: string): void {
    if (this.#failed) return
    this.#notes.push({ offset: this.#source.size, at, kind, text })
    this.advance()
  }

  /** Copies the rest and ends the copy. */
  async close(): Promise<void> {
    await this.#copying
    this.advance()
    await this.#copying
    await this.#guarded(async () => await (await this.#file).close())
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#failed = true
      this.#onFailure(error as Error)
    } finally {
      this.#copying = undefined
    }
  }

  async #copy(): Promise<void> {
    const file = await this.#file
    for (let events = this.#next(); events !== ''; events = this.#next()) {
      await file.appendFile(events)
    }
  }

  /** The next events, of one piece at most. */
  #next(): string {
    const text = this.#source.text(this.#offset)
    const start = this.#offset
    let events = ''
    for (;;) {
      const [note] = this.#notes
      if (note?.offset === this.#offset) {
        events += castEvent(note.at, note.kind, note.text)
        this.#notes.shift()
        continue
      }
      if (this.#offset === start + text.length) return events
      const end = Math.min(
        start + text.length,
        this.#arrivals.endOf(this.#offset),
        note?.offset ?? Infinity,
      )
      const { earliest, latest } = this.#arrivals.at(this.#offset)
      // What had been seen when keys were typed came before them.
      const at = Math.min(latest, note?.at ?? Infinity)
      if (latest - earliest > usualGap) events += unwatchedMarker(earliest, at)
      events += castEvent(at, 'o', text.slice(this.#offset - start, end - start))
      this.#offset = end
    }
  }
}
