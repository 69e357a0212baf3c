import type { Console } from '../../console/console.ts'
import { WaitError } from '../../console/wait-error.ts'
import { BootstandError, failedStatus } from '../../core/errors.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import type { JdbThread } from '../../dumps/l4re/debugger.ts'
import { conversation, type Step } from './conversation.ts'
import type { Debugger } from './debugger.ts'

type DumpOf<K> = Extract<Dump, { readonly system: 'fiasco'; readonly kind: K }>

/** Fiasco's kernel debugger, jdb. What it shows fills the screen. */
export interface Jdb extends Debugger {
  /** The list of all threads, as it was first drawn. */
  readonly threadList: () => Promise<DumpOf<'threads'>>
  /** A thread, by an id or name of the list; the current one otherwise. */
  readonly thread: (id?: string) => Promise<DumpOf<'thread'>>
}

const prompt = /jdb: $/

/** A prompt, the last row of a screen, or a pager. */
const anyQuestion = /jdb: $|=select|\/=filter|<Space>=(?:Disas|mode)|ESC: abort ---/

/** jdb leaves a screen by Escape; another key, such as `q`, means nothing there. */
const leaveScreen: Step = ['\x1b', prompt]

const threadListDialogue: readonly Step[] = [['lp', /<CR>=select/], leaveScreen]

/** An id begins with a zero: `ta` would ask for the address of a control block. */
const threadDialogue = (id?: string): readonly Step[] => [
  [id === undefined ? 't\r' : `t0${id}\r`, /<CR>=dump <Space>=Disas/],
  leaveScreen,
]

/** jdb goes on at the eighth digit; an Enter behind it would follow the first word as an address. */
const memoryDialogue = (address: number): readonly Step[] => [
  [`d${(address >>> 0).toString(16).padStart(8, '0')}`, /<Space>=mode/],
  leaveScreen,
]

/**
 * Talks to Fiasco's debugger, which a kernel with `-serial_esc` enters by Escape. Source: the dialogues of
 * fixtures/recordings/fiasco, and jdb's own source of 2018 (src/jdb/jdb_thread_list.cpp, jdb_tcb.cpp, jdb_dump.cpp).
 */
export const jdbOn = (console: Console): Jdb => {
  const { awaitPrompt, leave, say, ask } = conversation(console, {
    name: 'jdb',
    within: 5_000,
    silence: 2_000,
  })
  const askFor = async <K extends DumpOf<unknown>['kind']>(
    kind: K,
    steps: readonly Step[],
  ): Promise<DumpOf<K>> =>
    await ask(kind, steps, (it): it is DumpOf<K> => it.system === 'fiasco' && it.kind === kind)
  const threadList = async () => await askFor('threads', threadListDialogue)
  const thread = async (id?: string) =>
    await askFor(
      'thread',
      threadDialogue(id === undefined ? undefined : await idOf(id, threadList)),
    )
  return {
    stopped: async (options) => {
      await awaitPrompt(prompt, options)
    },
    enter: async () => {
      await console.breakIn({ by: 'escape' }).catch((error: unknown) => {
        if (error instanceof WaitError && error.failure === 'deadline') throw notEntered(console)
        throw error
      })
      await awaitPrompt(prompt)
    },
    continue: async () => {
      await leave('g')
      // It echoes the key first. Whoever wants a prompt of a program types for it, since the last one is far above.
      await awaitPrompt(/g/)
    },
    command: async (...parts) => await say(parts.map((it) => [it, anyQuestion])),
    threads: async () =>
      (await threadList()).threads.map((it) => ({
        id: idText(it),
        name: it.name,
        priority: Number(it.priority),
        ready: it.states.includes('ready'),
      })),
    threadList,
    thread,
    frame: async () => await thread(),
    memory: async (address) => await askFor('memory', memoryDialogue(address)),
  }
}

const notEntered = ({ role }: Console): BootstandError =>
  new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'bootset',
    `jdb was not entered by Escape on ${role}. Fiasco listens for it only with -serial_esc on its line in the menu.`,
    { exitStatus: failedStatus },
  )

const idText = ({ id }: Pick<JdbThread, 'id'>): string => Number(id).toString(16)

/**
 * The id of a thread that the list has. jdb is not asked for another: it says so and shows no screen.
 *
 * @throws {BootstandError} when there is no such thread.
 */
const idOf = async (
  wanted: string,
  threadList: () => Promise<DumpOf<'threads'>>,
): Promise<string> => {
  const { threads } = await threadList()
  const found = threads.find((it) => idText(it) === wanted || it.name === wanted)
  if (found !== undefined) return idText(found)
  const known = threads.map((it) => [idText(it), it.name].filter(Boolean).join(' ')).join(', ')
  throw new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'usage',
    `Expected the id or the name of a thread that jdb lists, found "${wanted}". It lists: ${known}.`,
  )
}
