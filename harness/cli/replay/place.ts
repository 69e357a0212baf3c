import { BootstandError } from '../../core/errors.ts'
import { plainText } from '../../core/text.ts'
import { fiascoProfile } from '../../kernel/fiasco.ts'
import { gnumachProfile } from '../../kernel/gnumach.ts'
import { l4linuxProfile } from '../../kernel/l4linux.ts'
import { linuxProfile } from '../../kernel/linux.ts'
import { pistachioProfile } from '../../kernel/pistachio.ts'
import { xenProfile } from '../../kernel/xen.ts'
import type { Verdict } from '../../boot/verdict.ts'

/** Where a replay is to stop: at an instruction, or when a console has printed so many bytes. */
export type ReplayPlace =
  | { readonly instruction: number }
  | Printed
  /** At the last exception before that was printed. */
  | { readonly faultBefore: Printed }

/** When a console had printed so many bytes. */
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
    `Expected --to with an instruction's number, a phase or a text that was printed; ${JSON.stringify(word)} was not. The phases are: ${phases.join(', ')}.`,
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
