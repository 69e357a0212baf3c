import type { Stop } from './stop.ts'
import { isBefore, type Missed, type Position } from './wait.ts'

/** The console on which a kernel says that it cannot go on. */
export interface AlarmedConsole {
  readonly role: string
  /** Up to where waits have seen it: what stops it held there were awaited. */
  readonly accepted: Position
  /** Its lines around a stop, for messages, once it has fallen silent. */
  lastWords(stop: Stop): Promise<readonly string[]>
}

/**
 * Ends the waits on other consoles when the kernel's own one shows that the boot does not go on: nobody
 * should wait for a login behind a panic.
 */
export class Alarm {
  readonly #waits = new Set<() => void>()
  readonly #stops: { readonly stop: Stop; readonly position: Position }[] = []
  #console: AlarmedConsole | undefined

  /** @param console The kernel's own console, whose stops are to be raised. */
  listen(console: AlarmedConsole): void {
    this.#console = console
  }

  /** Takes in what the kernel's console printed. */
  raise(stop: Stop, position: Position): void {
    this.#stops.push({ stop, position })
    for (const end of this.#waits) end()
  }

  /**
   * Runs a wait on a console until it ends, or the kernel has stopped and no wait has seen why.
   *
   * @param run Given a signal, after which it rejects.
   */
  async guard<Met extends object>(
    role: string,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<Met | Missed>,
  ): Promise<Met | Missed> {
    if (role === this.#console?.role) return await run(signal)
    const started = performance.now()
    const over = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      timer ??= setTimeout(() => this.#stop() !== undefined && over.abort(), grace)
    }
    this.#waits.add(end)
    if (this.#stop() !== undefined) end()
    try {
      return await run(AbortSignal.any([signal, over.signal]))
    } catch (error) {
      const stop = over.signal.aborted && !signal.aborted ? this.#stop() : undefined
      if (stop === undefined) throw error
      const { role: where } = this.#console!
      const lines = await this.#console!.lastWords(stop)
      const waited = performance.now() - started
      return { failure: 'stop', waited, stop, elsewhere: { role: where, lines } }
    } finally {
      clearTimeout(timer)
      this.#waits.delete(end)
    }
  }

  /** The first stop that no wait has seen. */
  #stop(): Stop | undefined {
    const { accepted } = this.#console ?? {}
    if (accepted === undefined) return undefined
    return this.#stops.find(({ position }) => !isBefore(position, accepted))?.stop
  }
}

/** What the awaited console had printed by then may still be on its way, in milliseconds. */
const grace = 100
