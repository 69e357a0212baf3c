import { constants } from 'node:os'
import { BootstandError } from '../core/errors.ts'
import { say } from './print.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndSignal = (typeof signals)[number]

/** A wish to end, from the terminal, the system, or the program itself. */
export interface Signalled {
  /** Settles when the wish comes. */
  readonly signal: Promise<void>
  /** The signal that came, unless it was `interrupt`. */
  readonly received: () => EndSignal | undefined
  /** The program's own wish to end. */
  readonly interrupt: () => void
  /**
   * Runs something that the wish aborts; what that gives is no more.
   *
   * @throws {BootstandError} with the exit status for the signal, when one has aborted it.
   */
  readonly aborting: <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>
  /** From now on a signal is a wish, where it ended the process at once before. */
  readonly hold: () => void
  /** Takes the signals back from whoever took them since. */
  readonly take: () => void
  /** Gives the signals up. */
  readonly dispose: () => void
}

/**
 * Waits for the first signal that asks to end. A second one ends the process at once.
 *
 * Takes the signals from whoever has them: vitest's own listener ends the process a millisecond
 * after a signal, before any machine is switched off.
 *
 * @param options.endsAtOnce The first one does so too, until `hold`.
 * @param options.interrupts Is offered each Ctrl-C after `hold`, and says whether it was no wish to end.
 */
export const onceSignalled = ({
  endsAtOnce = false,
  interrupts = () => false,
}: {
  readonly endsAtOnce?: boolean
  readonly interrupts?: () => boolean
} = {}): Signalled => {
  let received: EndSignal | undefined
  let isHeld = !endsAtOnce
  let interrupt = () => {}
  const handler = (signal: EndSignal) => {
    if (isHeld && signal === 'SIGINT' && interrupts()) return
    if (received !== undefined || !isHeld) process.exit(exitStatusOfSignal(signal))
    received = signal
    interrupt()
  }
  const signal = new Promise<void>((resolve) => {
    interrupt = resolve
  })
  const take = () => {
    for (const name of signals) {
      process.removeAllListeners(name)
      process.on(name, handler)
    }
  }
  take()
  const aborting: Signalled['aborting'] = async (run) => {
    const controller = new AbortController()
    let isOver = false
    void signal.then(() => {
      if (!isOver) controller.abort(new Error('interrupted'))
    })
    try {
      return await run(controller.signal)
    } catch (error) {
      throw received === undefined ? error : interrupted(received, error)
    } finally {
      isOver = true
    }
  }
  return {
    signal,
    received: () => received,
    interrupt: () => interrupt(),
    aborting,
    hold: () => {
      isHeld = true
    },
    take,
    dispose: () => {
      for (const name of signals) process.off(name, handler)
    },
  }
}

/**
 * Runs something that a signal is to end in order, with the exit status for that.
 *
 * @param run Given what aborts when the signal comes.
 * @param onInterrupted Told of the signal when that has ended it; says so by default.
 */
export const interruptible = async (
  run: (signal: AbortSignal) => Promise<void>,
  onInterrupted: (signal: EndSignal) => void = (signal) =>
    say(`bootstand: Interrupted by ${signal}.`),
): Promise<void> => {
  const signalled = onceSignalled()
  try {
    await signalled.aborting(run)
  } catch (error) {
    const signal = signalled.received()
    if (signal === undefined) throw error
    process.exitCode = exitStatusOfSignal(signal)
    onInterrupted(signal)
  } finally {
    signalled.dispose()
  }
}

const interrupted = (signal: EndSignal, cause: unknown): BootstandError =>
  new BootstandError('BOOTSTAND_INTERRUPTED', 'usage', `Interrupted by ${signal}.`, {
    cause,
    exitStatus: exitStatusOfSignal(signal),
  })

/** What a shell reports for a process that a signal ended. */
export const exitStatusOfSignal = (signal: EndSignal): number => 128 + constants.signals[signal]
