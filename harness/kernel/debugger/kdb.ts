import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import type { Hex } from '../../dumps/hex.ts'
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
  /** Who runs and who waits, by priority; one for each processor. */
  readonly readyQueues: () => Promise<readonly DumpOf<'ready-queue'>[]>
  readonly kernelInterfacePage: () => Promise<DumpOf<'kernel-interface-page'>>
  readonly kernelMemory: () => Promise<DumpOf<'kernel-memory'>>
  /**
   * The page table for the 4 MiB around an address.
   *
   * @param space The address of the space, as a thread's control block gives it.
   */
  readonly pageTable: (address: number, space: Hex) => Promise<DumpOf<'page-table'>>
  /** The modules as kickstart left them. KDB takes kernel memory for a copy. */
  readonly bootInformation: () => Promise<DumpOf<'boot-information'>>
  /** The newest events. KDB of many builds faults in it for ever: see `showsTraceBuffer`. */
  readonly traceBuffer: () => Promise<DumpOf<'trace-buffer'>>
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
  bootInformation: [['B', prompt]],
  traceBuffer: [['Y', prompt]],
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

/** KDB goes on at the eighth digit; an Enter behind it would answer what it asks next. */
const eightDigits = (address: number): string => (address >>> 0).toString(16).padStart(8, '0')

const memoryDialogue = (address: number): readonly Step[] => [
  ['d', /Dump address \[.*\]: $/],
  [eightDigits(address), /^Continue\?.*: $/],
  ['q', prompt],
]

/** What an entry of a page directory maps: KDB counts in these, from where it is told to begin. */
const directoryEntry = 0x40_0000

const pageTableDialogue = (address: number, space: Hex): readonly Step[] => {
  const from = (address >>> 0) - ((address >>> 0) % directoryEntry)
  return [
    ['p', /^(?:> )?.*Space \[.*\]: $/],
    [eightDigits(Number(space)), /^CPU id \[.*\]: $/],
    ['\r', /^Memory area \(.*\) \[.*\]: $/],
    ['m', /^start address \[.*\]: $/],
    [eightDigits(from), /^end address \[.*\]: $/],
    [eightDigits(from + directoryEntry), prompt],
  ]
}

/** The longest answer on record is the interface page, a tenth of a second. */
const answerWithin = 5_000

/** A whole boot may lie before the first prompt: what waits have by default. */
const bootWithin = 30_000

/** Milliseconds without a byte after which nothing more is expected: an unknown key prints nothing. */
const silentAfter = 2_000

/** Talks to Pistachio's kernel debugger: `await kdbOn(target.herc).thread()` gives data, not text. */
export const kdbOn = (console: Console): Kdb => {
  const { awaitPrompt, leave, say, ask, askAll } = conversation(console, {
    name: 'KDB',
    within: answerWithin,
    silence: silentAfter,
  })
  const isKind =
    <K extends Kind>(kind: K) =>
    (it: Dump): it is DumpOf<K> =>
      it.system === 'pistachio' && it.kind === kind
  const askFor = async <K extends Kind>(kind: K, steps: readonly Step[]): Promise<DumpOf<K>> =>
    await ask(kind, steps, isKind(kind))
  const readyQueues = async () =>
    await askAll('ready-queue', dialogues.readyQueue, isKind('ready-queue'))
  return {
    stopped: async (options) => {
      await awaitPrompt(prompt, { within: bootWithin, ...options })
    },
    enter: async () => {
      await console.breakIn()
      await awaitPrompt(prompt)
    },
    continue: async () => await leave('g'),
    command: async (...parts) => await say(parts.map((it) => [it, anyQuestion])),
    frame: async () => await askFor('exception-frame', dialogues.frame),
    threads: async () => (await readyQueues()).flatMap(listed),
    thread: async (name = '') => await askFor('thread', threadDialogue(name)),
    memory: async (address) => await askFor('memory', memoryDialogue(address)),
    readyQueues,
    kernelInterfacePage: async () =>
      await askFor('kernel-interface-page', dialogues.kernelInterfacePage),
    kernelMemory: async () => await askFor('kernel-memory', dialogues.kernelMemory),
    pageTable: async (address, space) =>
      await askFor('page-table', pageTableDialogue(address, space)),
    bootInformation: async () => await askFor('boot-information', dialogues.bootInformation),
    traceBuffer: async () => await askFor('trace-buffer', dialogues.traceBuffer),
  }
}

/** The ready queue as a list, by priority. */
const listed = ({ queues, idle }: DumpOf<'ready-queue'>): readonly ListedThread[] => [
  ...queues.flatMap(({ priority, threads }) =>
    threads.map(({ thread, ready }) => ({ id: thread, priority, ready })),
  ),
  ...(idle === undefined ? [] : [{ id: idle, ready: true }]),
]
