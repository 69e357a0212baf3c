import type { Console } from '../../console/console.ts'
import { BootstandError } from '../../core/errors.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { hexOf } from '../../dumps/hex.ts'
import { pageAt } from '../../dumps/pistachio/page-table.ts'
import type { KernelProfile } from '../profile.ts'
import { debuggerOn, type Debugger, type ListedThread } from './debugger.ts'
import { ddbOn, type Ddb } from './ddb.ts'
import { kdbOn, type Kdb } from './kdb.ts'

/** What a debugger answered, as data. */
export interface Reply {
  readonly dumps: readonly Dump[]
  readonly threads?: readonly ListedThread[]
  /** What it says of what was asked for, in words. */
  readonly told?: readonly { readonly name: string; readonly text: string }[]
}

/** A question to a debugger that has a name, for those who ask in words. */
export type Question = { readonly name: string; readonly help: string } & (
  | { readonly takes: 'nothing'; readonly ask: () => Promise<Reply> }
  | { readonly takes: 'thread'; readonly ask: (id?: string) => Promise<Reply> }
  | { readonly takes: 'address'; readonly ask: (address: number) => Promise<Reply> }
  | { readonly takes: 'keys'; readonly ask: (keys: readonly string[]) => Promise<Reply> }
)

/** A debugger, and what it can be asked. */
export interface QuestionedDebugger {
  readonly debugger: Debugger
  readonly questions: readonly Question[]
}

/**
 * The debugger of the kernel that runs behind a console.
 *
 * @throws {BootstandError} when the kernel's profile names none.
 */
export const questionedDebugger = (
  console: Console,
  profile: KernelProfile,
): QuestionedDebugger => {
  if (profile.debugger === 'kdb') {
    const kdb = kdbOn(console)
    return { debugger: kdb, questions: [...questionsTo(kdb), ...questionsToKdb(kdb)] }
  }
  if (profile.debugger === 'ddb') {
    const ddb = ddbOn(console)
    return { debugger: ddb, questions: [...questionsTo(ddb), traceOf(ddb)] }
  }
  const known = debuggerOn(console, profile)
  return { debugger: known, questions: questionsTo(known) }
}

/** What every debugger can be asked. */
const questionsTo = (known: Debugger): readonly Question[] => [
  {
    name: 'frame',
    help: 'what the processor was doing when the debugger was entered',
    takes: 'nothing',
    ask: async () => ({ dumps: [await known.frame()] }),
  },
  {
    name: 'threads',
    help: 'the threads that the debugger lists',
    takes: 'nothing',
    ask: async () => ({ dumps: [], threads: await known.threads() }),
  },
  {
    name: 'thread',
    help: 'the current thread, or one by its id or name',
    takes: 'thread',
    ask: async (id) => ({ dumps: [await known.thread(id)] }),
  },
  {
    name: 'memory',
    help: 'memory from an address or a symbol on',
    takes: 'address',
    ask: async (address) => ({ dumps: [await known.memory(address)] }),
  },
  {
    name: 'keys',
    help: 'these keys, each word when the debugger asks; \\r is Enter, \\s a space. It may die of them',
    takes: 'keys',
    ask: async (keys) => await known.command(...keys),
  },
]

const traceOf = (ddb: Ddb): Question => ({
  name: 'trace',
  help: 'who called, the last call first',
  takes: 'nothing',
  ask: async () => ({ dumps: [await ddb.callTrace()] }),
})

const questionsToKdb = (kdb: Kdb): readonly Question[] => [
  {
    name: 'queue',
    help: 'the ready queue: who runs and who waits, by priority',
    takes: 'nothing',
    ask: async () => ({ dumps: await kdb.readyQueues() }),
  },
  {
    name: 'kip',
    help: 'the kernel interface page',
    takes: 'nothing',
    ask: async () => ({ dumps: [await kdb.kernelInterfacePage()] }),
  },
  {
    name: 'kmem',
    help: 'how the kernel uses its own memory',
    takes: 'nothing',
    ask: async () => ({ dumps: [await kdb.kernelMemory()] }),
  },
  {
    name: 'page',
    help: "what the current thread's page table says of an address or a symbol",
    takes: 'address',
    ask: async (address) => {
      const { space } = await kdb.thread()
      if (space === undefined) throw noSpace()
      const table = await kdb.pageTable(address, space)
      const text = pageAt(table, address)
      return { dumps: [table], told: text === undefined ? [] : [{ name: hexOf(address), text }] }
    },
  },
  {
    name: 'boot',
    help: 'the boot information: which modules the loader brought',
    takes: 'nothing',
    ask: async () => ({ dumps: [await kdb.bootInformation()] }),
  },
]

const noSpace = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_DEBUGGER',
    'guest',
    'The current thread has no address space: it is the idle thread. Ask when a program runs.',
  )
