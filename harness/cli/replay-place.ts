import { BootstandError } from '../core/errors.ts'
import { plainText } from '../core/text.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { gnumachProfile } from '../kernel/gnumach.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { linuxProfile } from '../kernel/linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { xenProfile } from '../kernel/xen.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { Executed } from '../formats/execution-log.ts'
import type { Replayer } from '../target/qemu/replayer.ts'

/** Where a replay is to stop: at an instruction, or when a console has printed so many bytes. */
export type ReplayPlace =
  | { readonly instruction: number }
  | Printed
  /** At the last exception before that was printed. */
  | { readonly faultBefore: Printed }

interface Printed {
  readonly role: string
  readonly printed: number
}

/** What a console had printed in the recorded run, one character a byte. */
export interface Recorded {
  readonly role: string
  readonly text: string
}

const kernels = [
  pistachioProfile,
  l4linuxProfile,
  linuxProfile,
  fiascoProfile,
  gnumachProfile,
  xenProfile,
]

/**
 * The place that a word means: a number is an instruction; `fault` is what made the guest print that it stops;
 * then phases, then texts as they were printed first.
 *
 * @param phases Those that the recorded run has reached.
 * @throws {BootstandError} when nothing of that was recorded.
 */
export const placeOf = (
  word: string,
  recorded: readonly Recorded[],
  { phases: reached, stops }: Pick<Verdict, 'phases' | 'stops'>,
): ReplayPlace => {
  const phases = reached.map(({ name }) => name)
  if (word === 'fault') return { faultBefore: stopIn(recorded, stops) }
  if (/^\d{1,15}$/.test(word)) return { instruction: Number(word) }
  const milestones = phases.includes(word)
    ? kernels.flatMap((it) => it.milestones.filter(({ phase }) => phase === word))
    : []
  for (const { role, text } of recorded) {
    let end = 0
    for (const line of text.split('\n')) {
      end += line.length + 1
      if (milestones.some(({ pattern }) => pattern.test(plainText(line))))
        return { role, printed: Math.min(end, text.length) }
    }
  }
  for (const { role, text } of recorded) {
    const at = text.indexOf(word)
    if (word !== '' && at !== -1) return { role, printed: at + word.length }
  }
  throw new BootstandError(
    'BOOTSTAND_REPLAY',
    'usage',
    `Expected --to with an instruction's number, a phase or a text that was printed, found ${JSON.stringify(word)}. The phases are: ${phases.join(', ')}.`,
  )
}

/** Where the first stop of a run was about to be printed. */
const stopIn = (recorded: readonly Recorded[], stops: Verdict['stops']): Printed => {
  for (const { line } of stops.slice(0, 1)) {
    for (const { role, text } of recorded) {
      const at = text.indexOf(line)
      if (at !== -1) return { role, printed: at + 1 }
    }
  }
  throw new BootstandError(
    'BOOTSTAND_REPLAY',
    'usage',
    'Expected --to fault for a run whose guest printed that it does not go on; this one printed nothing of that.',
  )
}

/** Instructions between two looks, each a replay of its own: what was printed is only seen from outside. */
const steps = [2 ** 17, 2 ** 9, 1] as const

/** Starts a replay anew, and ends the one before. */
type Start = () => Promise<Replayer>

/** A replay that stands at a place. */
interface Stand {
  readonly replayer: Replayer
  /** What it executed last, in order. */
  readonly executed: readonly Executed[]
}

/**
 * Brings a replay to a place, or to some instructions before it.
 *
 * @param startOne Starts a replay.
 * @param options.back Instructions.
 * @param options.traced How many of the last instructions are looked at.
 * @returns the replay that stands there. Each one before it is ended.
 * @throws {BootstandError} when the recording ends before the place, or begins after.
 */
export const replayTo = async (
  place: ReplayPlace,
  startOne: () => Promise<Replayer>,
  { back, traced }: { readonly back: number; readonly traced: number },
): Promise<Stand> => {
  let replayer: Replayer | undefined
  const start = async () => {
    await replayer?.[Symbol.asyncDispose]()
    replayer = await startOne()
    return replayer
  }
  try {
    const instruction = await find(place, start)
    if (back > instruction)
      throw new BootstandError(
        'BOOTSTAND_REPLAY',
        'usage',
        `Expected --back of at most ${instruction} instructions, where power-on is; found ${back}.`,
      )
    const to = instruction - back
    if (replayer !== undefined && (await replayer.instruction()) === to && traced === 0)
      return { replayer, executed: [] }
    return await standAt(to, traced, start)
  } catch (error) {
    await replayer?.[Symbol.asyncDispose]()
    throw error
  }
}

/** Which instruction a place is before. */
const find = async (place: ReplayPlace, start: Start): Promise<number> => {
  if ('instruction' in place) return place.instruction
  if ('faultBefore' in place) return await findFault(place.faultBefore, start)
  const { role, printed } = place
  return (await stepTo(async (it) => (await it.printed(role)) >= printed, start)).instruction
}

/** Which instruction raised the last exception before something was printed. */
const findFault = async ({ role, printed }: Printed, start: Start): Promise<number> => {
  const stop = await stepTo(async (it) => (await it.printed(role)) >= printed, start)
  const logged = await stop.replayer.exceptions()
  if (logged === 0) throw tooFar('the processor had no exception before it printed that')
  const hasRaised = async (it: Replayer) => (await it.exceptions()) >= logged
  // A kernel prints soon after.
  return (await stepTo(hasRaised, start, stop.instruction - steps[0])).before
}

const standAt = async (to: number, traced: number, start: Start): Promise<Stand> => {
  const replayer = await start()
  const from = Math.max(0, to - traced)
  const isOver = from > 0 && (await replayer.run(from))
  const executed = from < to && !isOver ? await replayer.trace(to) : []
  const last = await replayer.instruction()
  if (last < to) throw tooFar(`the recording has ${last} instructions`)
  return { replayer, executed }
}

/**
 * Finds the first instruction by which something had come, and what was executed before that one.
 *
 * @param from An instruction by which it has most likely not, and will have soon.
 */
const stepTo = async (
  hasCome: (replayer: Replayer) => Promise<boolean>,
  start: Start,
  from = 0,
): Promise<{
  readonly replayer: Replayer
  readonly instruction: number
  readonly before: number
}> => {
  let before = Math.max(0, from)
  for (const step of before === 0 ? steps : steps.slice(1)) {
    const replayer = await start()
    if (before > 0) await replayer.run(before)
    if (before > 0 && before === from && (await hasCome(replayer)))
      return await stepTo(hasCome, start)
    let isOver = false
    while (!isOver && !(await hasCome(replayer))) {
      before = await replayer.instruction()
      isOver = await replayer.run(before + step)
    }
    if (step === 1 && isOver) throw tooFar('the recording has ended before')
    if (step === 1) return { replayer, instruction: await replayer.instruction(), before }
  }
  throw new Error('unreachable: the last step is one instruction')
}

const tooFar = (why: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', `The replay does not come to that place: ${why}.`)
