import type { Console } from '../../console/console.ts'
import { linesFrom } from '../../console/lines.ts'
import type { Match } from '../../console/wait.ts'
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
  /** Milliseconds between two keys; none by default. */
  readonly pace?: number
}

/** Questions and answers on a console. */
export interface Conversation {
  /** Waits until it asks; its own prompt is no reason to stop then. */
  readonly awaitPrompt: (asks: RegExp) => Promise<Match>
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
  { name, within, pace = 0 }: ConversationOptions,
): Conversation => {
  const awaitPrompt = async (asks: RegExp) =>
    (await console.attempt(asks, { within, heedsStops: false })).take()

  const say = async (steps: readonly Step[]): Promise<Answer> => {
    const from = console.transcript.size
    for (const [keys, asks] of steps) {
      await console.type(keys, { pace })
      await awaitPrompt(asks)
    }
    const text = linesFrom(console.transcript, from).join('\n')
    // What is drawn with cursor moves has its form only with them.
    return { text, dumps: dumpsIn(console.transcript.read(from).toString('latin1')) }
  }

  return {
    awaitPrompt,
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
