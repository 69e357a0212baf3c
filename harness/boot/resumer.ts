import type { Console } from '../console/console.ts'
import type { Timing } from '../console/deadline-clock.ts'
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
  readonly #timing: Timing
  /** Entries that were asked about already. */
  readonly #asked = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  /** @param timing By what its questions' time is measured. */
  constructor(console: Console, profile: KernelProfile, timing: Timing) {
    this.#timing = timing
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
    const circumstances = { occasion: 'passing', timing: this.#timing } as const
    if (this.#asked.has(meaning)) await debuggerOn(aside, this.#profile).stopped()
    else this.answers.push(...(await interrogate(aside, this.#profile, circumstances)))
    this.#asked.add(meaning)
    await debuggerOn(aside, this.#profile).continue()
  }
}
