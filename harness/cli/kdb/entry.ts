import type { Console } from '../../console/console.ts'
import { waitForAny } from '../../console/together.ts'
import { WaitError } from '../../console/wait-error.ts'
import type { WaitOptions } from '../../core/deadline.ts'
import type { Debugger } from '../../kernel/debugger/debugger.ts'

/** What is awaited while a guest runs, before it is broken into. */
export interface EntryOptions {
  /** A text, on any of the consoles. */
  readonly text?: string | RegExp | undefined
  /** After the text, or without one: how long the debugger may take to show by itself, if it is awaited. */
  readonly stop?: WaitOptions | undefined
  /** Milliseconds that the text may take. */
  readonly within: number
  /** Breaks in at once. */
  readonly hurry: AbortSignal
  /** Is told why it is broken into, unless that was the plan. */
  readonly note: (sentence: string) => void
}

/**
 * Waits until a guest stops in its debugger by itself, and breaks in when it does not.
 *
 * @throws {WaitError} when the guest is gone, its loader has stopped, or a break does not get through.
 */
export const reachDebugger = async (
  consoles: readonly Console[],
  known: Debugger,
  { text, stop, within, hurry, note }: EntryOptions,
): Promise<void> => {
  try {
    if (text !== undefined) await printed(consoles, text, { within, signal: hurry })
  } catch (error) {
    if (isDebuggerStop(error)) return await known.stopped()
    if (isDeadline(error)) note(whyMissed(error))
    else if (!hurry.aborted) throw error
  }
  if (stop !== undefined && (await hasStopped(known, { ...stop, signal: hurry }))) return
  await enter(known)
}

/** What a root task prints may go by another port than the debugger's. */
const printed = async (
  consoles: readonly Console[],
  text: string | RegExp,
  options: WaitOptions,
): Promise<void> => {
  const [first, ...others] = consoles
  if (others.length === 0) await first!.waitFor(text, options)
  else {
    const patterns = Object.fromEntries(consoles.map(({ role }) => [role, text]))
    await waitForAny(new Map(consoles.map((it) => [it.role, it])), patterns, options)
  }
}

/** The debugger has shown, or the time for it is over, which is no news to anybody. */
const hasStopped = async (known: Debugger, options: WaitOptions): Promise<boolean> => {
  try {
    await known.stopped(options)
    return true
  } catch (error) {
    if (isDeadline(error) || options.signal?.aborted === true) return false
    throw error
  }
}

/** A guest that crashes before the break comes is where it should be. */
const enter = async (known: Debugger): Promise<void> => {
  try {
    await known.enter()
  } catch (error) {
    if (!isDebuggerStop(error)) throw error
    await known.stopped()
  }
}

const isDeadline = (error: unknown): error is WaitError =>
  error instanceof WaitError && error.failure === 'deadline'

const isDebuggerStop = (error: unknown): boolean =>
  error instanceof WaitError &&
  error.failure === 'stop' &&
  error.stop?.outcome !== 'waiting-in-loader'

const whyMissed = ({ message, diagnosis }: WaitError): string =>
  [message.split('\n')[0], diagnosis?.evidence.sentence, 'Breaking in.'].filter(Boolean).join(' ')
