import { output } from '../host/output.ts'
import path from 'node:path'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError } from '../core/errors.ts'
import { typedWhole } from '../core/typed.ts'
import { printJson } from './print.ts'
import { withReadableNames } from '../host/demangle.ts'
import { changedFunctions, incomparable, pairedBoots } from '../baseline/kept-run.ts'
import {
  hotChangeLines,
  hotLines,
  hotReport,
  parseHotReport,
  type HotReport,
} from '../baseline/hot.ts'
import { readLog } from '../evidence/read-log.ts'
import type { HotFlags } from './flags.ts'
import { filesFor } from './run.ts'
import { measuredRun, readKept, refusedBefore } from './measured-run.ts'

/** `bootstand hot`: how many instructions of each function a guest executes between two texts that it prints. */
export const hot = async (name: string, flags: HotFlags): Promise<void> => {
  const { from, to } = flags
  const within = typedWhole('--within', flags.within, { most: 999_999_999_999, of: 'instructions' })
  if (from === '' || to === '')
    throw wrong('Expected texts for --from and --to, found an empty one.')
  const [source] = await filesFor([name])
  const before = flags.against === undefined ? undefined : await readReport(flags.against)
  if (before !== undefined && (before.from !== from || before.to !== to))
    refuse(flags, `it was counted between "${before.from}" and "${before.to}"`)
  if (before !== undefined) refuse(flags, await refusedBefore(before, flags))
  const runs = await measuredRun(source!, flags, { from, to, within })
  if (runs === undefined) return
  const counted = hotReport({ scenario: source!.name, from, to }, runs)
  if (counted.boots.length === 0) {
    throw wrong(
      `Nothing was counted: ${whatLacked(runs, flags)}. Expected a boot of ${name} that prints "${from}" on COM1 behind a key that its test types, and then "${to}", within ${within} instructions of that key (--within).`,
    )
  }
  print(flags, await readable(counted), before)
}

const print = (flags: HotFlags, counted: HotReport, before: HotReport | undefined): void => {
  if (before !== undefined) refuse(flags, incomparable(before, counted))
  const changed =
    before &&
    pairedBoots(before, counted).map(([then, now]) => ({
      test: now.test,
      changes: changedFunctions(then, now),
    }))
  if (flags.json === true) return printJson({ ...counted, changed })
  const lines =
    changed === undefined
      ? counted.boots.flatMap(({ test, functions }) => [test, ...hotLines(functions), ''])
      : changed.flatMap(({ test, changes }) => [
          test,
          ...(changes.length === 0 ? ['  no function has changed'] : hotChangeLines(changes)),
          '',
        ])
  output.write(`Instructions between "${flags.from}" and "${flags.to}":\n\n`)
  output.write(`${lines.slice(0, -1).join('\n')}\n`)
}

/** Why no stretch was found, by what was printed; a clause. */
const whatLacked = (runs: readonly Verdict[], { from, to }: HotFlags): string => {
  const behind = runs.flatMap(({ runFolder, consoles }) => {
    const { text } = readLog(path.join(runFolder, `${consoles.serial[0]}.out`))
    const at = text.indexOf(from)
    return at === -1 ? [] : [text.slice(at + from.length)]
  })
  if (behind.length === 0) return `no boot printed "${from}"`
  return behind.some((it) => it.includes(to))
    ? 'both texts were printed, but not one behind the other soon behind a key'
    : `no boot printed "${to}" behind "${from}"`
}

/** @throws {BootstandError} where there is a reason against holding this run against an earlier one, a clause. */
const refuse = ({ against }: HotFlags, reason: string | undefined): void => {
  if (reason !== undefined) throw wrong(`${against} cannot be held against this run: ${reason}.`)
}

/** With the names of C++ functions as people write them. */
const readable = async (report: HotReport): Promise<HotReport> => {
  const boots = report.boots.map(async (boot) => ({
    ...boot,
    functions: await withReadableNames(boot.functions),
  }))
  return { ...report, boots: await Promise.all(boots) }
}

const readReport = async (file: string): Promise<HotReport> => {
  const read = await readKept(file, parseHotReport)
  if ('kept' in read) return read.kept
  throw wrong(`Expected what \`bootstand hot --json\` printed in ${file}: ${read.defect}.`)
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_HOT', 'usage', message)
