import type { WriteStream } from 'node:fs'
import { castEvent, castHeader, screenCleared, unwatchedMarker } from '../formats/asciicast.ts'
import { endEvidence, evidenceFile } from '../host/evidence-file.ts'
import type { ScreenImage } from './screen-image.ts'

/** What was typed on a keyboard and what was seen on its screen, as an asciicast. */
export class VgaRecording {
  readonly #path: string
  readonly #now: () => number
  #file: WriteStream | undefined
  #isClosed = false
  #last = ''
  /** When the screen was last looked at. */
  #looked = 0

  /**
   * @param path Made with the first key or look.
   * @param now Milliseconds since power-on.
   */
  constructor(path: string, now: () => number) {
    this.#path = path
    this.#now = now
  }

  typed(text: string): void {
    this.#put(castEvent(this.#now(), 'i', text))
  }

  /** Notes a screen that differs from the last one. */
  shown({ lines }: ScreenImage): void {
    const now = this.#now()
    const before = this.#looked
    this.#looked = now
    const text = lines.join('\r\n').trimEnd()
    if (text === this.#last) return
    this.#last = text
    this.#put(unwatchedMarker(before, now))
    this.#put(castEvent(now, 'o', `${screenCleared}${text}`))
  }

  /** Settles when everything is in the file, or will not be. What comes later is not noted. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#file !== undefined) await endEvidence(this.#file)
  }

  #put(event: string): void {
    if (this.#isClosed) return
    this.#file ??= this.#open()
    this.#file.write(event)
  }

  #open(): WriteStream {
    const file = evidenceFile(this.#path)
    file.write(castHeader('vga'))
    return file
  }
}
