import fs from 'node:fs'
import { castEvent, castHeader, screenCleared, unwatchedMarker } from '../formats/asciicast.ts'
import type { ScreenImage } from './screen-image.ts'

/** What was typed on a keyboard and what was seen on its screen, as an asciicast. */
export class VgaRecording {
  readonly #path: string
  readonly #now: () => number
  #file: fs.WriteStream | undefined
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

  close(): void {
    this.#file?.end()
  }

  #put(event: string): void {
    this.#file ??= this.#open()
    this.#file.write(event)
  }

  #open(): fs.WriteStream {
    const file = fs.createWriteStream(this.#path)
    // Evidence beside the verdict; a full disk must not end the boot.
    file.on('error', () => {})
    file.write(castHeader('vga'))
    return file
  }
}
