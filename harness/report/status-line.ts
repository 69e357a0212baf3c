import { formatDuration } from '../core/text.ts'
import type { Output } from '../host/output.ts'

const repaintInterval = 100

/** The last line of a terminal, repainted with the time that something takes. Nothing when piped. */
export class StatusLine {
  readonly #out: Output
  #timer: NodeJS.Timeout | undefined
  #note = ''

  constructor(out: Output) {
    this.#out = out
  }

  /** Starts to show `label` and the time since. */
  start(label: string): void {
    this.clear()
    if (!this.#out.isTTY) return
    const started = performance.now()
    const paint = () => {
      const time = formatDuration(performance.now() - started).padStart(8)
      this.#out.repaint(`${label}${time}  ${this.#note}`)
    }
    paint()
    this.#timer = setInterval(paint, repaintInterval)
  }

  /** Adds words behind the time. */
  note(words: string): void {
    this.#note = words
  }

  /** Takes the line away. */
  clear(): void {
    this.#note = ''
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#out.repaint('')
  }
}
