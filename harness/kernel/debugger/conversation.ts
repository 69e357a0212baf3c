import type { Console } from '../../console/console.ts'
import { linesFrom } from '../../console/lines.ts'
import { paced } from '../../console/typing.ts'
import type { Match } from '../../console/wait.ts'
import type { WaitOptions } from '../../core/deadline.ts'
import { BootstandError, failedStatus } from '../../core/errors.ts'
import { dumpsIn, type Dump } from '../../dumps/dumps-in.ts'
import type { Answer } from './debugger.ts'

/** Keys to type, and what the debugger asks for behind its answer. */
export type Step = readonly [keys: string, asks: RegExp]

/** How one debugger is talked to. */
export interface ConversationOptions {
  /** What people call it. */
  readonly name: string
  /** Milliseconds that an answer may take. */
  readonly within: number
  /** Milliseconds without a byte after which no answer comes any more. */
  readonly silence: number
  /** Milliseconds between two keys; none by default. */
  readonly pace?: number
}

/** Questions and answers on a console. */
export interface Conversation {
  /** Waits until it asks; its own prompt is no reason to stop then. */
  readonly awaitPrompt: (asks: RegExp, options?: WaitOptions) => Promise<Match>
  /** Types keys behind which it asks for nothing more: the machine goes on. */
  readonly leave: (keys: string) => Promise<void>
  /** Types each step's keys when the one before was answered. */
  readonly say: (steps: readonly Step[]) => Promise<Answer>
  /**
   * Asks for a dump of the kind that `isWanted` knows.
   *
   * @param wanted Its name, for messages.
   * @throws {BootstandError} when something else is answered.
   */
  readonly ask: <Wanted extends Dump>(
    wanted: string,
    steps: readonly Step[],
    isWanted: (dump: Dump) => dump is Wanted,
  ) => Promise<Wanted>
}

/**
 * Says what a debugger is not asked.
 *
 * @throws {BootstandError} always.
 */
export const unanswered = async (name: string, what: string): Promise<never> => {
  throw new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'usage',
    `${name} is not asked for ${what}: no dialogue for it is known. Type it by hand with command(…).`,
  )
}

/** Begins to talk to a debugger on a console. */
export const conversation = (
  console: Console,
  { name, within, silence, pace = 0 }: ConversationOptions,
): Conversation => {
  /** Whether keys were typed after which it did not ask for more: there is no prompt to wait for. */
  let isLost = false
  const awaitPrompt = async (asks: RegExp, options: WaitOptions = {}) => {
    const match = (await console.attempt(asks, { within, ...options, heedsStops: false })).take()
    isLost = false
    return match
  }
  const type = async (keys: string) => {
    if (isLost) await paced(keys, pace, async (bytes) => await console.pass(bytes))
    else await console.type(keys, { pace })
    isLost = true
  }

  const say = async (steps: readonly Step[]): Promise<Answer> => {
    const from = console.transcript.size
    for (const [keys, asks] of steps) {
      await type(keys)
      await awaitPrompt(asks, { silence })
    }
    const text = linesFrom(console.transcript, from).join('\n')
    // What is drawn with cursor moves has its form only with them.
    return { text, dumps: dumpsIn(console.transcript.read(from).toString('latin1')) }
  }

  return {
    awaitPrompt,
    leave: async (keys) => {
      await type(keys)
      isLost = false
    },
    say,
    ask: async (wanted, steps, isWanted) => {
      const { text, dumps } = await say(steps)
      const found = dumps.find(isWanted)
      if (found !== undefined) return found
      throw new BootstandError(
        'BOOTSTAND_DEBUGGER',
        'guest',
        `${name} did not answer ${JSON.stringify(steps[0]![0])} on ${console.role} with a ${wanted}; it printed:\n${text.trim()}`,
        { exitStatus: failedStatus },
      )
    },
  }
}
