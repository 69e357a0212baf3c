import { createRequire } from 'node:module'
import type Xterm from '@xterm/headless'
import type { IBufferLine, Terminal } from '@xterm/headless'
import { LineScanner } from './lines.ts'
import { textOf, type ScreenImage } from './screen-image.ts'
import type { Transcript } from './transcript.ts'
import { Turn } from './turn.ts'

/** What GRUB and Fiasco's debugger draw for. */
const size = { cols: 80, rows: 25 } as const

const behaviour = {
  scrollback: 0,
  convertEol: true,
  // Without it nobody may look at what is shown.
  allowProposedApi: true,
  // Broken sequences are nothing to write to our own terminal about.
  logLevel: 'off',
} as const

interface Gap {
  readonly from: number
  readonly to: number
}

/**
 * What a terminal on a console would show: for what is drawn with cursor moves, such as GRUB's menu or
 * the lists of a debugger. It takes in bytes only when somebody looks, from where it last was, and keeps
 * no more than one screen. It answers nothing: a guest that asks a terminal for its name hears none.
 *
 * Bytes are Latin-1, one character each. A line feed alone begins a new line, as kernels mean it.
 */
export class Screen {
  readonly #transcript: Transcript
  readonly #begins: RegExp | undefined
  readonly #gap: Gap | undefined
  #lazyTerminal: Terminal | undefined
  /** Byte offset up to which the terminal has come; unknown until it has begun. */
  #offset: number | undefined
  /** Looks for where the screen begins. */
  readonly #scanner: LineScanner
  #advancing: Promise<void> | undefined

  /**
   * @param begins The screen is blank before a line that this matches, where it is given.
   * @param gap A part of the transcript, byte offsets, that it does not show: it came after a moment to
   *   which the machine has gone back.
   */
  constructor(transcript: Transcript, begins?: RegExp, gap?: Gap) {
    this.#transcript = transcript
    this.#gap = gap
    this.#begins = begins
    this.#scanner = new LineScanner(transcript, 0)
  }

  /** Byte offset in the transcript up to which everything was taken in. */
  get readTo(): number {
    return this.#offset ?? this.#scanner.readTo
  }

  /** The rows as one text, without the blanks at their ends and the empty rows at the bottom. */
  async text(): Promise<string> {
    return textOf(await this.look())
  }

  /** The screen after everything that has come by now. */
  async look(): Promise<ScreenImage> {
    const { size: now } = this.#transcript
    while (this.readTo < now) await this.advance()
    return this.image
  }

  /** The screen after everything that was taken in by now. */
  get image(): ScreenImage {
    return imageOf(this.#terminal)
  }

  /** Takes in the next piece of what has come, at most 64 KiB, and lets others have their turn. */
  async advance(): Promise<void> {
    // Whoever looks meanwhile shares the piece: no byte goes in twice.
    this.#advancing ??= this.#take().finally(() => {
      this.#advancing = undefined
    })
    await this.#advancing
  }

  async #take(): Promise<void> {
    this.#offset ??= await this.#beginning()
    if (this.#offset === undefined) return
    const { from = Infinity, to = Infinity } = this.#gap ?? {}
    if (this.#offset >= from && this.#offset < to) this.#offset = to
    const left = this.#offset < from ? from - this.#offset : Infinity
    const bytes = this.#transcript.read(this.#offset).subarray(0, left)
    // The terminal drops what it is given faster than it reads, so each piece is awaited.
    await new Promise<void>((resolve) => this.#terminal.write(printable(bytes), resolve))
    this.#offset += bytes.length
  }

  async #beginning(): Promise<number | undefined> {
    if (this.#begins === undefined) return 0
    const turn = new Turn()
    for (let line = this.#scanner.next(); line !== undefined; line = this.#scanner.next()) {
      if (this.#begins.test(line.text)) return line.offset
      if (turn.over) await turn.pass()
    }
    return undefined
  }

  get #terminal(): Terminal {
    this.#lazyTerminal ??= openTerminal()
    return this.#lazyTerminal
  }
}

const openTerminal = (): Terminal => {
  // Loaded when the first one is looked at: most runs never do.
  const xterm = createRequire(import.meta.url)('@xterm/headless') as typeof Xterm
  return new xterm.Terminal({ ...size, ...behaviour })
}

/** To a terminal, 80 to 9F are control characters of eight bits, which no kernel means. */
const printable = (bytes: Buffer): string =>
  bytes.toString('latin1').replaceAll(/[\x80-\x9f]/g, '\ufffd')

const imageOf = ({ buffer, cols, rows }: Terminal): ScreenImage => {
  const { active } = buffer
  const drawn = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)!)
  return {
    columns: cols,
    lines: drawn.map((line) => line.translateToString().trimEnd()),
    highlighted: [...drawn.keys()].filter((row) => isHighlighted(drawn[row]!)),
    // Behind the last column it waits for the next character to begin a row.
    cursor: { row: active.cursorY, column: Math.min(active.cursorX, cols - 1) },
  }
}

const isHighlighted = (line: IBufferLine): boolean => {
  for (let column = 0; column < line.length; column++) {
    if (line.getCell(column)!.isInverse() !== 0) return true
  }
  return false
}
