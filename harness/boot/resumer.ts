import type { Console } from '../console/console.ts'
import type { Stop } from '../console/stop.ts'
import type { Position } from '../console/wait.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import { debuggerOn } from '../kernel/debugger/debugger.ts'
import { interrogate } from '../kernel/debugger/interrogation.ts'
import type { KernelProfile } from '../kernel/profile.ts'

/** Asks a debugger that a program has entered, and lets the guest go on; beside whoever waits. */
export class Resumer {
  /** What it was answered. */
  readonly answers: Dump[] = []
  readonly #console: Console
  readonly #profile: KernelProfile
  /** Entries that were asked about already. */
  readonly #asked = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  constructor(console: Console, profile: KernelProfile) {
    this.#console = console
    this.#profile = profile
  }

  /** Takes in that the debugger was entered; one entry after the other. */
  entered(stop: Stop, position: Position): void {
    this.#last = this.#last
      .then(async () => await this.#resume(stop, position))
      // The machine may end meanwhile, or the debugger not answer: who waits is told by that.
      .catch(() => {})
  }

  /** Settles when no entry is being dealt with. */
  async idle(): Promise<void> {
    await this.#last
  }

  async #resume({ meaning }: Stop, position: Position): Promise<void> {
    const aside = this.#console.aside(position)
    if (this.#asked.has(meaning)) await debuggerOn(aside, this.#profile).stopped()
    else this.answers.push(...(await interrogate(aside, this.#profile, { occasion: 'passing' })))
    this.#asked.add(meaning)
    await debuggerOn(aside, this.#profile).continue()
  }
}
