import type { Console } from '../console/console.ts'
import { linesFrom } from '../console/lines.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { dumpsIn, type Dump } from '../dumps/dumps-in.ts'

type PistachioDump = Extract<Dump, { readonly system: 'pistachio' }>
type DumpOf<Kind extends PistachioDump['kind']> = Extract<PistachioDump, { readonly kind: Kind }>

/** L4Ka::Pistachio's kernel debugger, KDB, on a console, in its mode of single keys. */
export interface Kdb {
  /** Waits until it asks for a key, however it was entered. */
  readonly stopped: () => Promise<void>
  /** Enters it from outside, by a break. */
  readonly enter: () => Promise<void>
  /** What the processor was doing when it was entered. */
  readonly frame: () => Promise<DumpOf<'exception-frame'>>
  /** A thread's control block, by its id, address or name; the current thread's otherwise. */
  readonly thread: (name?: string) => Promise<DumpOf<'thread'>>
  /** Who runs and who waits, by priority. */
  readonly readyQueue: () => Promise<DumpOf<'ready-queue'>>
  readonly kernelInterfacePage: () => Promise<DumpOf<'kernel-interface-page'>>
  readonly kernelMemory: () => Promise<DumpOf<'kernel-memory'>>
  /** 256 bytes from an address on, in the current space. */
  readonly memory: (address: number) => Promise<DumpOf<'memory'>>
  /** Lets the machine go on. */
  readonly continue: () => Promise<void>
}

/** `> `, or a submenu's `/stats> `. */
const prompt = /^(?:\/[a-z]+)*> $/
const promptOf = (menu: string) => new RegExp(`^/${menu}> $`)

/** A key or a line to type, and what KDB asks for behind it. */
type Step = readonly [keys: string, asks: RegExp]

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

/** Milliseconds that an answer may take; the longest on record is the interface page, a tenth of a second. */
const answerWithin = 5_000

/**
 * Talks to Pistachio's kernel debugger: `await kdbOn(target.herc).thread()` gives data, not text. The
 * machine stands still meanwhile.
 */
export const kdbOn = (console: Console): Kdb => {
  // The debugger's own prompt is a stop text; here it is what is wanted.
  const awaitText = async (pattern: RegExp) =>
    (await console.attempt(pattern, { within: answerWithin, heedsStops: false })).take()

  /** Types keys and gives what was printed behind them. */
  const converse = async (steps: readonly Step[]): Promise<string> => {
    const from = console.transcript.size
    for (const [keys, asks] of steps) {
      await console.type(keys)
      await awaitText(asks)
    }
    return linesFrom(console.transcript, from).join('\n')
  }

  const ask = async <Kind extends PistachioDump['kind']>(
    kind: Kind,
    steps: readonly Step[],
  ): Promise<DumpOf<Kind>> => {
    const text = await converse(steps)
    const found = dumpsIn(text).find((it) => it.system === 'pistachio' && it.kind === kind)
    if (found !== undefined) return found as DumpOf<Kind>
    throw new BootstandError(
      'BOOTSTAND_KDB',
      'guest',
      `The kernel debugger did not answer "${steps[0]![0]}" on ${console.role} with a ${kind}; it printed:\n${text.trim()}`,
      { exitStatus: failedStatus },
    )
  }

  return {
    stopped: async () => {
      await awaitText(prompt)
    },
    enter: async () => {
      await console.breakIn()
      await awaitText(prompt)
    },
    frame: async () => await ask('exception-frame', dialogues.frame),
    thread: async (name = '') => await ask('thread', threadDialogue(name)),
    readyQueue: async () => await ask('ready-queue', dialogues.readyQueue),
    kernelInterfacePage: async () =>
      await ask('kernel-interface-page', dialogues.kernelInterfacePage),
    kernelMemory: async () => await ask('kernel-memory', dialogues.kernelMemory),
    memory: async (address) => await ask('memory', memoryDialogue(address)),
    continue: async () => await console.type('g'),
  }
}
