import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { conversation, unanswered, type Step } from './conversation.ts'
import type { Debugger } from './debugger.ts'

type JdbThreads = Extract<Dump, { readonly system: 'fiasco'; readonly kind: 'threads' }>

/** Fiasco's kernel debugger, jdb. Its lists fill the screen. */
export interface Jdb extends Debugger {
  /** The list of all threads, as it was first drawn. */
  readonly threadList: () => Promise<JdbThreads>
}

const prompt = /jdb: $/

/** What its lists end in, while they are shown. */
const listTitle = /<CR>=select/

/** A prompt, a list or a pager. */
const anyQuestion = /jdb: $|=select|ESC: abort ---/

const threadListDialogue: readonly Step[] = [
  ['lp', listTitle],
  ['q', prompt],
]

/**
 * Talks to Fiasco's debugger, which a kernel with `-serial_esc` enters by Escape. Source: the dialogues of
 * fixtures/recordings/fiasco. Registers, stack and memory were not on record, so it is not asked for them.
 */
export const jdbOn = (console: Console): Jdb => {
  const name = 'jdb'
  const { awaitPrompt, leave, say, ask } = conversation(console, {
    name,
    within: 5_000,
    silence: 2_000,
  })
  const threadList = async () =>
    await ask(
      'list of threads',
      threadListDialogue,
      (it): it is JdbThreads => it.system === 'fiasco' && it.kind === 'threads',
    )
  return {
    stopped: async (options) => {
      await awaitPrompt(prompt, options)
    },
    enter: async () => {
      await console.breakIn({ by: 'escape' })
      await awaitPrompt(prompt)
    },
    continue: async () => await leave('g'),
    command: async (...parts) => await say(parts.map((it) => [it, anyQuestion])),
    threads: async () =>
      (await threadList()).threads.map((it) => ({
        id: Number(it.id).toString(16),
        name: it.name,
        priority: Number(it.priority),
        ready: it.states.includes('ready'),
      })),
    threadList,
    frame: async () => await unanswered(name, 'registers'),
    thread: async () => await unanswered(name, 'one thread'),
    memory: async () => await unanswered(name, 'memory'),
  }
}
