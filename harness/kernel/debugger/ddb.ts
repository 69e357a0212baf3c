import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { conversation, impossible, type Step } from './conversation.ts'
import type { Debugger } from './debugger.ts'

type MachDump = Extract<Dump, { readonly system: 'gnumach' }>
type Kind = MachDump['kind']
type DumpOf<K extends Kind> = Extract<MachDump, { readonly kind: K }>

/** GNU Mach's debugger, ddb. It takes lines: `command` adds the Enter. */
export interface Ddb extends Debugger {
  readonly frame: () => Promise<DumpOf<'registers'>>
  /** A thread, by its address or that of the list; the current one otherwise. */
  readonly thread: (id?: string) => Promise<DumpOf<'thread'>>
  /** 256 bytes. */
  readonly memory: (address: number) => Promise<DumpOf<'memory'>>
  readonly callTrace: () => Promise<DumpOf<'call-trace'>>
  /** All threads, by their tasks. */
  readonly threadList: () => Promise<DumpOf<'threads'>>
}

const prompt = /^db(?:\{\d+\})?> $/

/** After 20 lines; a space shows as many again. */
const pager = { asks: /--db_more--/, key: ' ' }

const line = (text: string): readonly Step[] => [[`${text}\r`, prompt]]

/** Talks to GNU Mach's debugger. Its numbers are hexadecimal. */
export const ddbOn = (console: Console): Ddb => {
  const { awaitPrompt, leave, say, ask } = conversation(console, {
    name: 'ddb',
    within: 5_000,
    silence: 2_000,
    pager,
  })
  const askFor = async <K extends Kind>(kind: K, text: string): Promise<DumpOf<K>> =>
    await ask(
      kind,
      line(text),
      (it): it is DumpOf<K> => it.system === 'gnumach' && it.kind === kind,
    )
  const threadList = async () => await askFor('threads', 'show all threads')
  return {
    stopped: async (options) => {
      await awaitPrompt(prompt, options)
    },
    enter: async () =>
      await impossible(
        "GNU Mach's ddb is not entered from outside: with its console on a serial line it answers no key. It comes by itself at a panic or a fault; await that with stopped().",
      ),
    continue: async () => await leave('continue\r'),
    command: async (...parts) => await say(parts.flatMap(line)),
    frame: async () => await askFor('registers', 'show registers'),
    threads: async () =>
      (await threadList()).tasks.flatMap(({ name, threads }) =>
        threads.map(({ thread, states }) => ({
          id: thread,
          name,
          ready: states.startsWith('R'),
        })),
      ),
    thread: async (id) => await askFor('thread', ['show thread', id].filter(Boolean).join(' ')),
    memory: async (address) => await askFor('memory', `x/x 0x${address.toString(16)},40`),
    callTrace: async () => await askFor('call-trace', 'trace'),
    threadList,
  }
}
