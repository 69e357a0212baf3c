import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds of work after which others get their turn. */
const length = 10

/** A turn at the processor, for work that may take long: whoever does it asks now and then. */
export class Turn {
  #ends = performance.now() + length

  get over(): boolean {
    return performance.now() >= this.#ends
  }

  /** Lets others have theirs; then begins anew. */
  async pass(): Promise<void> {
    await nextTurn()
    this.#ends = performance.now() + length
  }
}
