import { z } from 'zod'
import { signed } from '../core/text.ts'
import { readHot } from '../run-folder/hot-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { HotChange, HotFunction } from '../diagnosis/hot-functions.ts'
import { keptBoot, keptOf, keptRun, namedBoots, parseKept, qemuOf } from './kept-run.ts'

const hotBoot = z.object({
  ...keptBoot,
  functions: z.array(
    z.object({
      image: z.string(),
      function: z.string(),
      instructions: z.number(),
      calls: z.number(),
    }),
  ),
})

const file = z.object({
  ...keptRun,
  /** The texts between which it was counted. */
  from: z.string(),
  to: z.string(),
  boots: z.array(hotBoot),
})

/** What each boot of a scenario's tests executed between two texts, by function: `bootstand hot --json`. */
export type HotReport = z.infer<typeof file>

/**
 * A report from its text.
 *
 * @returns what is wrong with it, as a clause, where it is none.
 */
export const parseHotReport = (text: string): HotReport | string => parseKept(file, text)

/** What was executed in the boots that have come to the end of the stretch. */
export const hotReport = (
  words: Pick<HotReport, 'scenario' | 'from' | 'to'>,
  runs: readonly Verdict[],
): HotReport => ({
  ...words,
  qemu: qemuOf(runs),
  boots: namedBoots(runs).flatMap((it) =>
    readHot(it.run.runFolder).map(({ functions }) => ({
      ...keptOf(it),
      functions: [...functions],
    })),
  ),
})

/** A line for each function: `67716  1026  ipc (ia32-kernel)`. */
export const hotLines = (functions: readonly HotFunction[]): string[] => [
  `${'instructions'.padStart(14)}${'calls'.padStart(10)}  function`,
  ...functions.map(
    (it) =>
      `${String(it.instructions).padStart(14)}${String(it.calls).padStart(10)}  ${routineName(it)}`,
  ),
]

/** A line for each function that changed: `67716 → 68742  +1026  +1.00 a call  ipc (ia32-kernel)`. */
export const hotChangeLines = (changes: readonly HotChange[]): string[] =>
  changes.map((it) => {
    const difference = it.after - it.before
    const perCall = it.calls === 0 ? '' : `${signed((difference / it.calls).toFixed(2))} a call`
    return `${String(it.before).padStart(10)} → ${String(it.after).padEnd(10)} ${signed(difference).padStart(8)} ${perCall.padStart(14)}  ${routineName(it)}`
  })

/** `ipc (ia32-kernel)`. */
export const routineName = ({
  image,
  function: name,
}: Pick<HotFunction, 'image' | 'function'>): string =>
  image === '' ? '(in no file that was booted)' : `${name || '(without a name)'} (${image})`
