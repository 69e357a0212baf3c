import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { printResult } from './print.ts'
import { withReadableNames } from '../host/demangle.ts'
import { fileToWrite } from '../host/output-file.ts'
import { shortPath } from '../host/paths.ts'
import { placeBytes, writeError } from '../host/place-file.ts'
import {
  baselineOf,
  countedFunctions,
  functionChanges,
  pairedCosts,
  parseBaseline,
  type Baseline,
} from '../baseline/baseline.ts'
import { measuredBenchmarks, changeLines } from '../baseline/changed-costs.ts'
import { functionChangeLines, neededToCount } from '../baseline/changed-functions.ts'
import { changedImages, incomparable } from '../baseline/kept-run.ts'
import { routineName } from '../baseline/hot.ts'
import { findScenarioFile, type ScenarioFile } from './catalogue.ts'
import type { BaselineFlags } from './flags.ts'
import { filesFor } from './run.ts'
import { measuredRun, readKept, refusedBefore } from './measured-run.ts'

/** `bootstand baseline save`: measures a scenario and keeps the numbers beside it. */
export const saveBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await scenarioWithTests(name)
  const file = await fileToWrite(fileOf(source, flags), '-o FILE')
  const runs = await measure(source, flags)
  if (runs === undefined) return
  const measured = baselineOf(source.name, runs)
  const bytes = Buffer.from(`${JSON.stringify(measured, null, 2)}\n`)
  await placeBytes(file, bytes).catch((error: unknown) => {
    throw writeError(file, error, 'Name another place with -o FILE.')
  })
  const { boots } = measured
  const benchmarks = new Set(boots.flatMap(({ functions }) => Object.keys(functions)))
  const counted =
    benchmarks.size === 0 ? '' : `, and the functions of ${[...benchmarks].join(', ')}`
  const count = boots.flatMap(({ costs }) => costs).length
  printResult(flags, measured, () => [
    `${shortPath(file)}: ${count} numbers of ${source.name}${counted}`,
    ...(benchmarks.size === 0 ? [`No benchmark's functions were counted. ${neededToCount}`] : []),
  ])
}

/** `bootstand baseline check`: measures a scenario again; exits with 1 when a number has changed. */
export const checkBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await scenarioWithTests(name)
  const file = fileOf(source, flags)
  const before = await readBaseline(file, source)
  const refuse = (reason: string | undefined) => {
    if (reason === undefined) return
    throw wrong(
      `The baseline ${shortPath(file)} cannot be held against this run: ${reason}. Save one for these conditions under another name (-o FILE).`,
    )
  }
  if (before.scenario !== source.name) refuse(`it is one of the scenario ${before.scenario}`)
  refuse(await refusedBefore(before, flags))
  const runs = await measure(source, flags)
  if (runs === undefined) return
  const after = baselineOf(source.name, runs)
  refuse(incomparable(before, after))
  const pairs = pairedCosts(before, after)
  const costs = pairs.filter((it) => it.before !== it.after)
  const images = changedImages(before, after)
  const count = pairs.length
  const others =
    images.length === 0 ? 'all files are the same' : `other files than then: ${images.join(', ')}`
  const functions = await Promise.all(
    functionChanges(before, runs, measuredBenchmarks(pairs)).map(async (it) => ({
      ...it,
      ...(it.changes !== undefined && { changes: await withReadableNames(it.changes) }),
    })),
  )
  const document = { images, costs, count, functions }
  if (costs.length === 0) {
    const summary = `All ${count} numbers are as in ${shortPath(file)} (${others}).`
    printResult(flags, document, () => [summary, ...functionChangeLines(functions)])
    return
  }
  printResult(flags, document, () => [
    `${costs.length} of ${count} numbers have changed since ${shortPath(file)} (${others}), in instructions:`,
    ...changeLines(pairs),
    '',
    ...functionChangeLines(functions),
  ])
  process.exitCode = failedStatus
}

/** `bootstand baseline show`: what a baseline holds. */
export const showBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await findScenarioFile(name)
  const baseline = await readBaseline(fileOf(source, flags), source)
  const lines = baseline.boots.map(async ({ test, options, images, costs, functions }) => [
    '',
    test,
    `  ${options}`,
    ...Object.entries(images).map(([role, it]) =>
      `  ${role.padEnd(10)} ${it.sha256} ${it.arguments}`.trimEnd(),
    ),
    ...costs.map((it) => shown(it.instructions.toFixed(2), it.name)),
    ...(await Promise.all(Object.entries(functions).map(stretchLines))).flat(),
  ])
  const shownBoots = (await Promise.all(lines)).flat()
  printResult(flags, baseline, () => [
    `${baseline.scenario}, for QEMU ${baseline.qemu}`,
    ...shownBoots,
  ])
}

const stretchLines = async ([benchmark, counts]: [
  string,
  Parameters<typeof countedFunctions>[0],
]): Promise<string[]> => [
  `  ${benchmark} from its first measured line to its second:`,
  ...(await withReadableNames(countedFunctions(counts))).map((it) =>
    shown(String(it.instructions), routineName(it)),
  ),
]

const shown = (count: string, what: string): string =>
  `  ${count.padStart(9)} instructions  ${what}`

const fileOf = ({ file }: ScenarioFile, { output }: BaselineFlags): string =>
  output === undefined ? file.replace(/\.ts$/, '.baseline.json') : path.resolve(output)

const scenarioWithTests = async (name: string): Promise<ScenarioFile> =>
  (await filesFor([name]))[0]!

const readBaseline = async (file: string, source: ScenarioFile): Promise<Baseline> => {
  const { name } = source
  const read = await readKept(file, parseBaseline)
  if ('kept' in read) return read.kept
  if (!read.isRead) {
    const elsewhere = file === fileOf(source, {}) ? '' : ` -o ${shortPath(file)}`
    const advice = existsSync(file)
      ? 'Name another place with -o FILE.'
      : `\`npx bootstand baseline save ${name}${elsewhere}\` makes one.`
    throw wrong(`Expected the baseline of ${name} in ${shortPath(file)}, ${read.defect}. ${advice}`)
  }
  throw wrong(`${shortPath(file)} is no baseline: ${read.defect}. Restore it, or save a new one.`)
}

/** The boots of the scenario's tests, where they have exact numbers; nothing when they failed or were interrupted. */
const measure = async (
  source: ScenarioFile,
  flags: BaselineFlags,
): Promise<readonly Verdict[] | undefined> => {
  const runs = await measuredRun(source, flags, 'measured')
  if (runs === undefined) return undefined
  const measured = runs.filter((it) => it.measurements.length > 0)
  if (measured.length === 0) {
    throw wrong(
      `The tests of ${source.name} measured nothing: no boot printed a line with cycles that its profile knows.`,
    )
  }
  const late = measured.find((it) => !it.isExact)
  if (late !== undefined) {
    throw wrong(
      `The numbers of "${late.test}" are not exact: a key came when the guest no longer stood still for it, or not on a serial port (docs/profiles.md).`,
    )
  }
  return runs
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BASELINE', 'usage', message)
