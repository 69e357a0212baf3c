import type { Stop } from './stop.ts'
import { isBefore, type Missed, type Position } from './wait.ts'

/** A console on which a guest may say that it cannot go on. */
export interface AlarmedConsole {
  readonly role: string
  /** Up to where waits have seen it: what stops it held there were awaited. */
  readonly accepted: Position
  /** Its lines around a stop, for messages, once it has fallen silent. */
  lastWords(stop: Stop): Promise<readonly string[]>
}

/** A stop, and where it was printed. */
interface Raised {
  readonly stop: Stop
  readonly console: AlarmedConsole
  readonly position: Position
}

/**
 * Ends the waits on other consoles when one shows that the boot does not go on: nobody should wait for a
 * login behind a panic.
 */
export class Alarm {
  readonly #waits = new Set<() => void>()
  readonly #raised: Raised[] = []

  /** Takes in what a console printed. */
  raise(stop: Stop, console: AlarmedConsole, position: Position): void {
    this.#raised.push({ stop, console, position })
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
    const started = performance.now()
    const over = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        if (this.#elsewhere(role) !== undefined) over.abort()
      }, grace)
    }
    this.#waits.add(end)
    if (this.#elsewhere(role) !== undefined) end()
    try {
      return await run(AbortSignal.any([signal, over.signal]))
    } catch (error) {
      const raised = over.signal.aborted && !signal.aborted ? this.#elsewhere(role) : undefined
      if (raised === undefined) throw error
      const { stop, console } = raised
      const lines = await console.lastWords(stop)
      const waited = performance.now() - started
      return { failure: 'stop', waited, stop, elsewhere: { role: console.role, lines } }
    } finally {
      clearTimeout(timer)
      this.#waits.delete(end)
    }
  }

  /** The first stop on another console that no wait has seen. */
  #elsewhere(role: string): Raised | undefined {
    return this.#raised.find(
      ({ console, position }) => console.role !== role && !isBefore(position, console.accepted),
    )
  }
}

/** What the awaited console had printed by then may still be on its way, in milliseconds. */
const grace = 100
