import type { Output } from '../host/output.ts'
import { TerminalGuard } from './terminal-guard.ts'

/**
 * Shows one console as it is. A terminal interprets what a guest draws, through `TerminalGuard`, and gets its modes back
 * when the view is closed or the process exits; a file or a pipe receives the bytes unchanged.
 */
export class RawView implements Disposable {
  readonly #out: Output
  readonly #guard: TerminalGuard | undefined
  #isClosed = false
  readonly #close = () => this[Symbol.dispose]()

  constructor(out: Output) {
    this.#out = out
    this.#guard = out.isTTY ? new TerminalGuard() : undefined
    // A second Ctrl-C ends the process at once.
    process.once('exit', this.#close)
  }

  write(bytes: Buffer): void {
    this.#out.writeUnfiltered(this.#guard?.pass(bytes) ?? bytes)
  }

  async room(): Promise<void> {
    await this.#out.room()
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return
    this.#isClosed = true
    process.off('exit', this.#close)
    if (this.#guard !== undefined) this.#out.writeUnfiltered(this.#guard.restore())
  }
}
