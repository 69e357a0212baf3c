import { setTimeout as pause } from 'node:timers/promises'
import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { jdbOn } from './jdb.ts'
import { kdbOn } from './kdb.ts'
import type { KernelProfile } from '../profile.ts'
import type { DebuggerKind } from './debugger.ts'

/** Why a kernel debugger is asked: it was entered, or the guest hangs and has to be broken into. */
export type Occasion = 'entered' | 'hung'

/** Milliseconds for all questions together. */
const longestInterrogation = 5_000

/** Breaks that a hanging guest is given; a task that polls its UART clears most of them. */
const breaks = 20

/**
 * Asks the debugger of a kernel that has stopped what everybody would ask it by hand. It ends with the first question
 * that is not answered: a debugger may fault itself.
 *
 * @returns the answers; none where the kernel has no debugger that we know.
 */
export const interrogate = async (
  console: Console,
  { debugger: known }: KernelProfile,
  occasion: Occasion,
): Promise<Dump[]> => {
  const answers: Dump[] = []
  if (known === undefined) return answers
  const over = new AbortController()
  const asking = plans[known](console, occasion, (it) => answers.push(it)).catch(() => {})
  await Promise.race([
    asking,
    pause(longestInterrogation, undefined, { signal: over.signal }).catch(() => {}),
  ])
  over.abort()
  // What is answered later comes too late.
  return [...answers]
}

const plans: Record<
  DebuggerKind,
  (console: Console, occasion: Occasion, note: (dump: Dump) => void) => Promise<void>
> = {
  kdb: async (console, occasion, note) => {
    const kdb = kdbOn(console)
    if (occasion === 'hung') await console.breakIn({ attempts: breaks })
    await kdb.stopped()
    note(await kdb.frame())
    const thread = await kdb.thread()
    note(thread)
    note(await kdb.readyQueue())
    // The top of its stack.
    if (thread.sp !== undefined) note(await kdb.memory(Number(thread.sp) & ~15))
    note(await kdb.kernelInterfacePage())
  },
  jdb: async (console, occasion, note) => {
    const jdb = jdbOn(console)
    if (occasion === 'hung') await console.breakIn({ by: 'escape', attempts: breaks })
    await jdb.stopped()
    note(await jdb.threadList())
  },
}
