import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { conversation, type Step } from './conversation.ts'
import type { Debugger, ListedThread } from './debugger.ts'

type PistachioDump = Extract<Dump, { readonly system: 'pistachio' }>
type Kind = PistachioDump['kind']
type DumpOf<K extends Kind> = Extract<PistachioDump, { readonly kind: K }>

/** L4Ka::Pistachio's kernel debugger, KDB, in its mode of single keys. */
export interface Kdb extends Debugger {
  readonly frame: () => Promise<DumpOf<'exception-frame'>>
  /** A thread's control block, by its id, address or name; the current thread's otherwise. */
  readonly thread: (name?: string) => Promise<DumpOf<'thread'>>
  /** 256 bytes. */
  readonly memory: (address: number) => Promise<DumpOf<'memory'>>
  /** Who runs and who waits, by priority. */
  readonly readyQueue: () => Promise<DumpOf<'ready-queue'>>
  readonly kernelInterfacePage: () => Promise<DumpOf<'kernel-interface-page'>>
  readonly kernelMemory: () => Promise<DumpOf<'kernel-memory'>>
}

/** `> `, or a submenu's `/stats> `. */
const prompt = /^(?:\/[a-z]+)*> $/
const promptOf = (menu: string) => new RegExp(`^/${menu}> $`)

/** A prompt, or a question of a command, with its default. */
const anyQuestion = /^(?:(?:\/[a-z]+)*> |.*\[[^\]]*\]: )$/

/**
 * The dialogues that KDB is known to survive: it faults on addresses and spaces that are none, and the
 * machine resets. Backspace leaves a submenu.
 */
const dialogues = {
  frame: [[' ', prompt]],
  readyQueue: [['q', prompt]],
  kernelInterfacePage: [['K', prompt]],
  kernelMemory: [
    ['#', promptOf('stats')],
    ['k', promptOf('stats')],
    ['\b', prompt],
  ],
} as const satisfies Record<string, readonly Step[]>

const threadDialogue = (name: string): readonly Step[] => [
  ['t', /^(?:> )?.*tcb\/tid\/name \[current\]: $/],
  [`${name}\r`, prompt],
]

const memoryDialogue = (address: number): readonly Step[] => [
  ['d', /Dump address \[.*\]: $/],
  [`${address.toString(16)}\r`, /^Continue\?.*: $/],
  ['q', prompt],
]

/** The longest answer on record is the interface page, a tenth of a second. */
const answerWithin = 5_000

/** Milliseconds without a byte after which nothing more is expected: an unknown key prints nothing. */
const silentAfter = 2_000

/** Talks to Pistachio's kernel debugger: `await kdbOn(target.herc).thread()` gives data, not text. */
export const kdbOn = (console: Console): Kdb => {
  const { awaitPrompt, leave, say, ask } = conversation(console, {
    name: 'KDB',
    within: answerWithin,
    silence: silentAfter,
  })
  const askFor = async <K extends Kind>(kind: K, steps: readonly Step[]): Promise<DumpOf<K>> =>
    await ask(kind, steps, (it): it is DumpOf<K> => it.system === 'pistachio' && it.kind === kind)
  const readyQueue = async () => await askFor('ready-queue', dialogues.readyQueue)
  return {
    stopped: async (options) => {
      await awaitPrompt(prompt, options)
    },
    enter: async () => {
      await console.breakIn()
      await awaitPrompt(prompt)
    },
    continue: async () => await leave('g'),
    command: async (...parts) => await say(parts.map((it) => [it, anyQuestion])),
    frame: async () => await askFor('exception-frame', dialogues.frame),
    threads: async () => listed(await readyQueue()),
    thread: async (name = '') => await askFor('thread', threadDialogue(name)),
    memory: async (address) => await askFor('memory', memoryDialogue(address)),
    readyQueue,
    kernelInterfacePage: async () =>
      await askFor('kernel-interface-page', dialogues.kernelInterfacePage),
    kernelMemory: async () => await askFor('kernel-memory', dialogues.kernelMemory),
  }
}

/** The ready queue as a list, by priority. */
const listed = ({ queues, idle }: DumpOf<'ready-queue'>): readonly ListedThread[] => [
  ...queues.flatMap(({ priority, threads }) =>
    threads.map(({ thread, ready }) => ({ id: thread, priority, ready })),
  ),
  ...(idle === undefined ? [] : [{ id: idle, ready: true }]),
]
