import { BootstandError } from '../core/errors.ts'
import type { Missed } from './wait.ts'

/** Whose turn it is between a test and a guest: one wait at a time, and keys after one that was met. */
export class Dialogue {
  readonly #role: string
  #awaited: string | undefined
  #prompted = false
  #abandoned = false

  /** @param role What the guest answers on. */
  constructor(role: string) {
    this.#role = role
  }

  /** Whether keys may follow now. */
  get isPrompted(): boolean {
    return this.#prompted
  }

  /** Goes on as another one: keys may follow, or not. */
  resume(isPrompted: boolean): void {
    this.#prompted = isPrompted
  }

  /**
   * Runs a wait; when it is met, keys may follow.
   *
   * @param wanted What is awaited, as its author wrote it.
   * @throws {BootstandError} when another wait is still going on.
   */
  async wait<Met extends object>(
    wanted: string,
    run: () => Promise<Met | Missed>,
  ): Promise<Met | Missed> {
    if (this.#awaited !== undefined) throw this.#busy(this.#awaited, wanted)
    this.#awaited = wanted
    try {
      const outcome = await run()
      // Its test is over: nobody is there to be told.
      if (this.#abandoned) return await new Promise<never>(() => {})
      if (!('failure' in outcome)) this.#prompted = true
      return outcome
    } finally {
      this.#awaited = undefined
    }
  }

  /**
   * Asks for the turn to type.
   *
   * @throws {BootstandError} when nothing was awaited since the last keys.
   */
  takeTurn(text: string): void {
    if (!this.#prompted) {
      throw new BootstandError(
        'BOOTSTAND_TYPED_AHEAD',
        'usage',
        `type(${JSON.stringify(text)}) on ${this.#role}: expected a wait for a prompt before it, found none ` +
          'since the last keys. Guests lose keys that come early; await what asks for them first.',
      )
    }
    this.#prompted = false
  }

  /**
   * Gives up the wait that is still going on, if any: it settles no more.
   *
   * @returns what it waited for, as its author wrote it.
   */
  abandonWait(): string | undefined {
    if (this.#awaited === undefined) return undefined
    this.#abandoned = true
    return this.#awaited
  }

  #busy(awaited: string, wanted: string): BootstandError {
    return new BootstandError(
      'BOOTSTAND_TWO_WAITS',
      'usage',
      `${this.#role} is still waiting for ${awaited}; found a second wait, for ` +
        `${wanted}. Await the first one before it.`,
    )
  }
}
