import type { Console } from '../../console/console.ts'
import type { Timing } from '../../console/deadline-clock.ts'
import { lastLines } from '../../console/lines.ts'
import { withDeadline } from '../../core/deadline.ts'
import { dumpsIn, type Dump } from '../../dumps/dumps-in.ts'
import { ddbOn } from './ddb.ts'
import { jdbOn } from './jdb.ts'
import { kdbOn } from './kdb.ts'
import { showsTraceBuffer } from './trace-buffer.ts'
import { xenKeysOn } from './xen-keys.ts'
import type { KernelProfile } from '../profile.ts'
import type { DebuggerKind } from './debugger.ts'

/**
 * Why a kernel debugger is asked: it was entered; it was, and the guest will go on; or the guest hangs and has to be
 * broken into.
 */
export type Occasion = 'entered' | 'passing' | 'hung'

/** What is known before it is asked. */
export interface Circumstances {
  readonly occasion: Occasion
  /** The files that were booted, where they are known. */
  readonly images?: readonly Buffer[]
  /** By what the time for all questions is measured; the host's clock without. */
  readonly timing?: Timing
}

/** Milliseconds for all questions together, on a host that is not slow. */
const longestInterrogation = 5_000

/**
 * How a hanging guest is broken into: a task that polls its UART clears most breaks, and a program's own panic is
 * no reason to give up.
 */
const breaking = { attempts: 20, heedsStops: false } as const

/**
 * Asks the debugger of a kernel that has stopped what everybody would ask it by hand. It ends with the first question
 * that is not answered: a debugger may fault itself.
 *
 * @returns the answers; none where the kernel has no debugger that we know.
 */
export const interrogate = async (
  console: Console,
  { debugger: known }: KernelProfile,
  circumstances: Circumstances,
): Promise<Dump[]> => {
  const answers: Dump[] = []
  if (known === undefined) return answers
  const { slowness = 1, meter } = circumstances.timing ?? {}
  const asking = plans[known](console, circumstances, (it) => answers.push(it))
  const late = () => new Error('it took too long')
  await withDeadline(asking, longestInterrogation * slowness, late, meter?.time).catch(() => {})
  // What is answered later comes too late.
  return [...answers]
}

/** Asks one debugger, and notes each answer. */
type Plan = (
  console: Console,
  circumstances: Circumstances,
  note: (dump: Dump) => void,
) => Promise<void>

/** Lines in which a stop tells its reason: an exception's frame is the longest. */
const longestStop = 20

/** Waiting threads that are shown. */
const mostWaiting = 4

const askKdb: Plan = async (console, { occasion, images = [] }, note) => {
  const kdb = kdbOn(console)
  const told = occasion === 'hung' ? [] : lastLines(console.transcript, longestStop)
  const stop = dumpsIn(told.join('\n')).findLast(
    (it) => it.system === 'pistachio' && it.kind === 'debugger-entry',
  )
  if (occasion === 'hung') await console.breakIn(breaking)
  await kdb.stopped()
  note(await kdb.frame())
  const thread = await kdb.thread()
  note(thread)
  const queues = await kdb.readyQueues()
  for (const queue of queues) note(queue)
  const { sp, space, decoded } = thread
  // The top of its stack.
  if (sp !== undefined && !decoded.isIdle) note(await kdb.memory(Number(sp) & ~15))
  const touched = stop?.fault?.address
  if (touched !== undefined && space !== undefined)
    note(await kdb.pageTable(Number(touched), space))
  if (decoded.isIdle) for (const id of waitingIn(queues)) note(await kdb.thread(id))
  const lacksMemory = stop !== undefined && /out of kernel memory/.test(stop.message)
  if (lacksMemory) note(await kdb.kernelMemory())
  note(await kdb.kernelInterfacePage())
  // It writes a copy into kernel memory, and over what lies behind where that is short.
  if (!lacksMemory && occasion !== 'passing') note(await kdb.bootInformation())
  if (images.some(showsTraceBuffer)) note(await kdb.traceBuffer())
}

/** Programs' threads that are not ready, those of the highest priority first. */
const waitingIn = (
  processors: readonly Extract<Dump, { kind: 'ready-queue' }>[],
): readonly string[] =>
  processors
    .flatMap(({ queues }) => queues)
    .flatMap(({ threads }) => threads)
    .filter(({ thread, ready }) => !ready && thread !== kernelThread)
    .map(({ thread }) => thread)
    .slice(0, mostWaiting)

/** The kernel's own thread, which is never ready. */
const kernelThread = 'KRN_THRD'

const askJdb: Plan = async (console, { occasion }, note) => {
  const jdb = jdbOn(console)
  if (occasion === 'hung') await console.breakIn({ ...breaking, by: 'escape' })
  await jdb.stopped()
  note(await jdb.thread())
  note(await jdb.threadList())
}

const askDdb: Plan = async (console, { occasion }, note) => {
  // There is no way in from outside.
  if (occasion === 'hung') return
  const ddb = ddbOn(console)
  // Only kernels named -dbg have it.
  await ddb.stopped({ silence: 1_000 })
  note(await ddb.callTrace())
  const frame = await ddb.frame()
  note(frame)
  note(await ddb.threadList())
  const { esp } = frame.registers
  if (esp !== undefined) note(await ddb.memory(Number(esp)))
}

const askXen: Plan = async (console, { occasion }, note) => {
  // A Xen that panicked has halted, also when its first domain did.
  if (occasion !== 'hung') return
  const xen = xenKeysOn(console)
  await xen.enter()
  for (const frame of await xen.frames()) note(frame)
  for (const domain of await xen.domains()) note(domain)
  note(await xen.thread())
}

const plans: Record<DebuggerKind, Plan> = {
  kdb: askKdb,
  jdb: askJdb,
  ddb: askDdb,
  xen: askXen,
}
