import { statusOf } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'

/**
 * Lets a guest stand still for what would disturb it while it runs, such as reading a device's
 * registers; one thing at a time. Its clocks stand still too. Under TCG a standstill costs 0.4 ms.
 */
export class Standstill {
  readonly #qmp: Qmp
  #last: Promise<unknown> = Promise.resolve()

  constructor(qmp: Qmp) {
    this.#qmp = qmp
  }

  /** Runs `action` while the guest stands still. */
  async during<T>(action: () => Promise<T>): Promise<T> {
    return await this.#alone(async () => {
      await this.#qmp.execute('stop')
      // One that has ended is in another state, and stays as it is, to be asked why.
      const status = await statusOf(this.#qmp)
      try {
        return await action()
      } finally {
        if (status === 'paused') await this.#qmp.execute('cont')
      }
    })
  }

  /** Runs `action` while nobody makes the guest stand still. */
  async outside<T>(action: () => Promise<T>): Promise<T> {
    return await this.#alone(action)
  }

  async #alone<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action)
    this.#last = turn.catch(() => {})
    return await turn
  }
}
