import type { Console } from '../../console/console.ts'
import { linesFrom } from '../../console/lines.ts'
import { readOn } from '../../console/read-on.ts'
import { paced } from '../../console/typing.ts'
import type { Match } from '../../console/wait.ts'
import type { WaitOptions } from '../../core/deadline.ts'
import { BootstandError, failedStatus } from '../../core/errors.ts'
import { dumpsIn, type Dump } from '../../dumps/dumps-in.ts'
import type { Answer } from './debugger.ts'

/** Keys to type, and what the debugger asks for behind its answer; `silence` where it asks for nothing. */
export type Step = readonly [keys: string, asks: RegExp | 'silence']

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
  /** What stands below each page of a long answer, and the key that asks for the next one. */
  readonly pager?: { readonly asks: RegExp; readonly key: string }
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
  readonly ask: Ask
  /** The same, and gives all dumps of that kind; one at least. */
  readonly askAll: AskAll
}

type Question<Wanted extends Dump> = readonly [
  wanted: string,
  steps: readonly Step[],
  isWanted: (dump: Dump) => dump is Wanted,
]
type Ask = <Wanted extends Dump>(...question: Question<Wanted>) => Promise<Wanted>
type AskAll = <Wanted extends Dump>(...question: Question<Wanted>) => Promise<[Wanted, ...Wanted[]]>

/**
 * Says what a debugger cannot do.
 *
 * @throws {BootstandError} always.
 */
export const impossible = async (message: string): Promise<never> => {
  throw new BootstandError('BOOTSTAND_DEBUGGER', 'usage', message)
}

/** Begins to talk to a debugger on a console. */
export const conversation = (
  console: Console,
  { name, within, silence, pace = 0, pager }: ConversationOptions,
): Conversation => {
  const { transcript } = console
  /** Whether keys were typed after which it did not ask for more: there is no prompt to wait for. */
  let isLost = false
  const awaitPrompt = async (asks: RegExp, options: WaitOptions = {}) => {
    const expected = pager === undefined ? asks : eitherOf(asks, pager.asks)
    for (;;) {
      const waiting = await console.attempt(expected, { within, ...options, heedsStops: false })
      const match = waiting.take()
      isLost = false
      if (pager?.asks.test(match.text) !== true) return match
      await type(pager.key)
    }
  }
  const type = async (keys: string) => {
    if (isLost) await paced(keys, pace, async (bytes) => await console.pass(bytes))
    else await console.type(keys, { pace })
    isLost = true
  }

  /** Types keys whose answer is over when nothing more comes. */
  const typeUntilSilent = async (keys: string) => {
    const from = transcript.size
    await paced(keys, pace, async (bytes) => await console.pass(bytes))
    if (await transcript.growth(from, { quiet: silence })) await readOn(transcript, within)
    else throw noAnswer(keys, `: it printed nothing for ${silence} ms.`)
  }

  const say = async (steps: readonly Step[]): Promise<Answer> => {
    const from = transcript.size
    for (const [keys, asks] of steps) {
      if (asks === 'silence') await typeUntilSilent(keys)
      else {
        await type(keys)
        await awaitPrompt(asks, { silence })
      }
    }
    return {
      text: withoutPager(linesFrom(transcript, from).join('\n')),
      // What is drawn with cursor moves has its form only with them.
      dumps: dumpsIn(withoutPager(transcript.read(from).toString('latin1'))),
    }
  }

  /** The pager erases its question by going over it. */
  const withoutPager = (text: string): string =>
    pager === undefined ? text : text.replaceAll(new RegExp(`${pager.asks.source}[\\b ]*`, 'g'), '')

  const noAnswer = (keys: string, what: string): BootstandError =>
    new BootstandError(
      'BOOTSTAND_DEBUGGER',
      'guest',
      `${name} did not answer ${JSON.stringify(keys)} on ${console.role}${what}`,
      { exitStatus: failedStatus },
    )

  const askAll: AskAll = async (wanted, steps, isWanted) => {
    const { text, dumps } = await say(steps)
    const [found, ...others] = dumps.filter(isWanted)
    if (found !== undefined) return [found, ...others]
    throw noAnswer(steps[0]![0], ` with a ${wanted}; it printed:\n${text.trim()}`)
  }

  return {
    awaitPrompt,
    leave: async (keys) => {
      await type(keys)
      isLost = false
    },
    say,
    askAll,
    ask: async (...question) => (await askAll(...question))[0],
  }
}

const eitherOf = (a: RegExp, b: RegExp): RegExp => new RegExp(`(?:${a.source})|(?:${b.source})`)
