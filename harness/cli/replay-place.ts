import { BootstandError } from '../core/errors.ts'
import { plainText } from '../core/text.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { gnumachProfile } from '../kernel/gnumach.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { linuxProfile } from '../kernel/linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { xenProfile } from '../kernel/xen.ts'
import type { Verdict } from '../boot/verdict.ts'
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
  if (/^\d+$/.test(word)) return { instruction: Number(word) }
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
    if (at !== -1) return { role, printed: at + word.length }
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

/**
 * Brings a replay to a place.
 *
 * @param start Starts a replay anew. Each one before the last is ended.
 * @returns the replay that stands there.
 * @throws {BootstandError} when the recording ends before.
 */
export const replayTo = async (
  place: ReplayPlace,
  start: () => Promise<Replayer>,
): Promise<Replayer> => {
  if ('instruction' in place) {
    const replayer = await start()
    if (place.instruction === 0 || !(await replayer.run(place.instruction))) return replayer
    const last = await replayer.instruction()
    await replayer[Symbol.asyncDispose]()
    throw tooFar(`the recording has ${last} instructions`)
  }
  if ('faultBefore' in place) {
    const { role, printed } = place.faultBefore
    const stop = await stepTo(async (it) => (await it.printed(role)) >= printed, start)
    const logged = await stop.replayer.exceptions()
    await stop.replayer[Symbol.asyncDispose]()
    if (logged === 0) throw tooFar('the processor had no exception before it printed that')
    const isRaised = async (it: Replayer) => (await it.exceptions()) >= logged
    const fault = await stepTo(isRaised, start)
    await fault.replayer[Symbol.asyncDispose]()
    const replayer = await start()
    await replayer.run(fault.before)
    return replayer
  }
  const { role, printed } = place
  return (await stepTo(async (it) => (await it.printed(role)) >= printed, start)).replayer
}

/** Finds the first instruction by which something had come, and what was executed before that one. */
const stepTo = async (
  hasCome: (replayer: Replayer) => Promise<boolean>,
  start: () => Promise<Replayer>,
): Promise<{ readonly replayer: Replayer; readonly before: number }> => {
  let before = 0
  for (const step of steps) {
    const replayer = await start()
    if (before > 0) await replayer.run(before)
    let isOver = false
    while (!isOver && !(await hasCome(replayer))) {
      before = await replayer.instruction()
      isOver = await replayer.run(before + step)
    }
    if (step === 1 && !isOver) return { replayer, before }
    await replayer[Symbol.asyncDispose]()
    if (isOver && step === 1) throw tooFar('the recording has ended before')
  }
  throw new Error('unreachable: the last step is one instruction')
}

const tooFar = (why: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', `The replay does not come to that place: ${why}.`)
