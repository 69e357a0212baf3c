import { BootstandError } from '../core/errors.ts'
import { plainText } from '../core/text.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { gnumachProfile } from '../kernel/gnumach.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { linuxProfile } from '../kernel/linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import { xenProfile } from '../kernel/xen.ts'
import type { Replayer } from '../target/qemu/replayer.ts'

/** Where a replay is to stop: at an instruction, or when a console has printed so many bytes. */
export type ReplayPlace =
  | { readonly instruction: number }
  | { readonly role: string; readonly printed: number }

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
 * The place that a word means: a number is an instruction; then phases, then texts as they were printed first.
 *
 * @param phases Those that the recorded run has reached.
 * @throws {BootstandError} when nothing of that was recorded.
 */
export const placeOf = (
  word: string,
  recorded: readonly Recorded[],
  phases: readonly string[],
): ReplayPlace => {
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
  let before = 0
  for (const step of steps) {
    const replayer = await start()
    if (before > 0) await replayer.run(before)
    let isOver = false
    while (!isOver && (await replayer.printed(place.role)) < place.printed) {
      before = await replayer.instruction()
      isOver = await replayer.run(before + step)
    }
    if (step === 1 && !isOver) return replayer
    await replayer[Symbol.asyncDispose]()
    if (isOver && step === 1) throw tooFar('the recording has ended before')
  }
  throw new Error('unreachable: the last step is one instruction')
}

const tooFar = (why: string): BootstandError =>
  new BootstandError('BOOTSTAND_REPLAY', 'usage', `The replay does not come to that place: ${why}.`)
