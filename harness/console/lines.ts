import { plainText } from '../core/text.ts'
import type { Transcript } from './transcript.ts'

/** A line of a transcript, with or without its end. */
export interface Line {
  /** Byte offset of its first byte. */
  readonly offset: number
  /** One character a byte (Latin-1: kernels print bytes that are no UTF-8), without the line feed. */
  readonly raw: string
  /** Without carriage returns and escape sequences. */
  readonly text: string
}

/** No line is longer than this, in bytes: a longer one is taken as several. */
const longestLine = 262_144

/** Takes a transcript apart into lines, as far as it has come. Pull, no waiting. */
export class LineScanner {
  readonly #transcript: Transcript
  /** Bytes read and not yet given out. */
  #pending = ''
  /** Where `#pending` has no line feed before. */
  #searched = 0
  #offset: number

  constructor(transcript: Transcript, offset: number) {
    this.#transcript = transcript
    this.#offset = offset
  }

  /** Byte offset up to which the transcript was read. */
  get readTo(): number {
    return this.#offset + this.#pending.length
  }

  /** The next complete line, or nothing when its end has not come yet. */
  next(): Line | undefined {
    for (;;) {
      const lineFeed = this.#pending.indexOf('\n', this.#searched)
      if (lineFeed !== -1 && lineFeed <= longestLine) return this.#take(lineFeed, 1)
      if (this.#pending.length > longestLine) return this.#take(longestLine, 0)
      this.#searched = this.#pending.length
      const text = this.#transcript.text(this.readTo)
      if (text === '') return undefined
      this.#pending += text
    }
  }

  /** What stands after the last complete line. Call it when `next` has nothing more. */
  unfinished(): Line {
    return line(this.#offset, this.#pending)
  }

  #take(length: number, separator: number): Line {
    const taken = line(this.#offset, this.#pending.slice(0, length))
    this.#pending = this.#pending.slice(length + separator)
    this.#offset += length + separator
    this.#searched = 0
    return taken
  }
}

const line = (offset: number, raw: string): Line => ({
  offset,
  raw,
  get text() {
    return plainText(raw)
  },
})

/** How much of a transcript is read for its last lines, in bytes. */
const window = 16_384

/** Plain text of the last lines that begin before a byte offset, as many as are at hand, oldest first. */
export const linesBefore = (transcript: Transcript, offset: number): string[] => {
  const scanner = new LineScanner(transcript, Math.max(0, offset - window))
  const lines: string[] = []
  for (let it = scanner.next(); it !== undefined && it.offset < offset; it = scanner.next()) {
    lines.push(it.text)
  }
  return lines
}

/** Plain text of all lines from a byte offset on, an unfinished one included. */
export const linesFrom = (transcript: Transcript, offset: number): string[] => {
  const scanner = new LineScanner(transcript, offset)
  const lines: string[] = []
  for (let it = scanner.next(); it !== undefined; it = scanner.next()) lines.push(it.text)
  return [...lines, scanner.unfinished().text]
}

/** The last `count` lines of a transcript, oldest first. */
export const lastLines = (transcript: Transcript, count: number): string[] => {
  const scanner = new LineScanner(transcript, Math.max(0, transcript.size - window))
  const lines: string[] = []
  for (let next = scanner.next(); next !== undefined; next = scanner.next()) lines.push(next.raw)
  const { raw } = scanner.unfinished()
  if (raw.replaceAll('\r', '') !== '') lines.push(raw)
  return lines.slice(-count)
}
