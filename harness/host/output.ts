import { once } from 'node:events'
import { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { terminalText } from '../core/terminal-text.ts'

/** What standard output and standard error are: a terminal, a file or a pipe. */
type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

type Format = Parameters<typeof styleText>[0]

/**
 * Standard output or standard error. Everything that this program prints passes through here, and text can do nothing
 * to a terminal but print: see `terminalText`.
 */
export class Output {
  readonly #stream: OutputStream

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  /** Columns of the terminal; `undefined` where there is none. */
  get columns(): number | undefined {
    return this.isTTY ? this.#stream.columns : undefined
  }

  write(text: string): void {
    this.#stream.write(terminalText(text))
  }

  line(text: string): void {
    this.write(`${text}\n`)
  }

  /** Writes lines, each with its end. */
  lines(lines: readonly string[]): void {
    this.write(lines.map((it) => `${it}\n`).join(''))
  }

  /** Replaces the terminal's last line; an empty text removes it. */
  repaint(line: string): void {
    this.#stream.write(`\r${terminalText(line.replaceAll('\n', ' '))}\x1b[K`)
  }

  /** Returns text in a style, where this is a terminal that shows it. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: this.#stream })
  }

  /** Writes a file's or a guest's bytes unchanged where no terminal reads them, and as text on a terminal. */
  writeData(bytes: Buffer): void {
    if (this.isTTY) this.write(bytes.toString('utf8'))
    else this.#stream.write(bytes)
  }

  /** Writes what a terminal is to interpret. Only for sequences that have been checked, such as `RawView`'s. */
  writeUnfiltered(data: string | Buffer): void {
    this.#stream.write(data)
  }

  /** The stream itself, for readline, which moves the cursor. */
  get stream(): Writable {
    return this.#stream
  }

  /** Returns a stream of which all is filtered, for a library that prints. It is no terminal. */
  filtered(): Writable {
    return new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _, done) => {
        this.write(String(chunk))
        done()
      },
    })
  }

  /** Waits until the stream takes more than into its memory: its reader sets the pace. Ends with the stream, too. */
  async room(signal?: AbortSignal): Promise<void> {
    if (this.#stream.writableNeedDrain)
      await once(this.#stream, 'drain', { signal }).catch(() => {})
  }

  /** Calls a function when writing fails first, as when the reader has gone. */
  onceLost(listener: (error: Error) => void): void {
    this.#stream.once('error', listener)
  }

  /** Calls a function each time that writing fails. */
  onLost(listener: (error: Error) => void): void {
    this.#stream.on('error', listener)
  }
}

/** Standard output: what was asked for. */
export const output = new Output(process.stdout)

/** Standard error: what is said beside it. */
export const errorOutput = new Output(process.stderr)
