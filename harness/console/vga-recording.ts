import fs from 'node:fs'
import { castEvent, castHeader } from '../formats/asciicast.ts'
import type { ScreenImage } from './screen-image.ts'

/** What was typed on a keyboard and what was seen on its screen, as an asciicast. */
export class VgaRecording {
  readonly #path: string
  readonly #now: () => number
  #file: fs.WriteStream | undefined
  #last = ''

  /**
   * @param path Made with the first key or look.
   * @param now Milliseconds since power-on.
   */
  constructor(path: string, now: () => number) {
    this.#path = path
    this.#now = now
  }

  typed(text: string): void {
    this.#write('i', text)
  }

  /** Notes a screen that differs from the last one. */
  shown({ lines }: ScreenImage): void {
    const text = lines.join('\r\n').trimEnd()
    if (text === this.#last) return
    this.#last = text
    this.#write('o', `\x1b[H\x1b[2J${text}`)
  }

  close(): void {
    this.#file?.end()
  }

  #write(direction: 'i' | 'o', text: string): void {
    this.#file ??= this.#open()
    this.#file.write(castEvent(this.#now(), direction, text))
  }

  #open(): fs.WriteStream {
    const file = fs.createWriteStream(this.#path)
    // Evidence beside the verdict; a full disk must not end the boot.
    file.on('error', () => {})
    file.write(castHeader('vga'))
    return file
  }
}
