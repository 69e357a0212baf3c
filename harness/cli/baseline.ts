import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { fileToWrite } from '../host/output-file.ts'
import { readMenu } from '../host/read-menu.ts'
import { replaceFile, writeError } from '../host/replace-file.ts'
import {
  baselineOf,
  changedCosts,
  changeLines,
  incomparable,
  parseBaseline,
  type Baseline,
} from '../report/baseline.ts'
import { findScenarioFile, type ScenarioFile } from './catalogue.ts'
import type { BaselineFlags } from './flags.ts'
import { watchedRun } from './watched-run.ts'

/** `bootstand baseline save`: measures a scenario and keeps the numbers beside it. */
export const saveBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await scenarioWithTests(name)
  const file = await fileToWrite(fileOf(source, flags), '-o FILE')
  const measured = await measure(source, flags)
  if (measured === undefined) return
  const bytes = Buffer.from(`${JSON.stringify(measured, null, 2)}\n`)
  const isThere = await fs.stat(file).catch(() => undefined)
  await (isThere === undefined ? fs.writeFile(file, bytes) : replaceFile(file, bytes)).catch(
    (error: unknown) => {
      throw writeError(file, error, 'Name another place with -o FILE.')
    },
  )
  print(flags, measured, [`${shortPath(file)}: ${countOf(measured)} numbers of ${source.name}`])
}

/** `bootstand baseline check`: measures a scenario again; exits with 1 when a number has changed. */
export const checkBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await scenarioWithTests(name)
  const file = fileOf(source, flags)
  const before = await readBaseline(file, source)
  const after = await measure(source, flags)
  if (after === undefined) return
  const reason = incomparable(before, after)
  if (reason !== undefined) {
    throw wrong(
      `The baseline ${shortPath(file)} cannot be held against this run: ${reason}. Save one for these conditions under another name (-o FILE).`,
    )
  }
  const changes = changedCosts(before, after)
  const others =
    changes.images.length === 0
      ? 'all files are the same'
      : `other files than then: ${changes.images.join(', ')}`
  const summary =
    changes.costs.length === 0
      ? `All ${changes.count} numbers are as in ${shortPath(file)} (${others}).`
      : `${changes.costs.length} of ${changes.count} numbers have changed since ${shortPath(file)} (${others}), in instructions:`
  print(flags, changes, [summary, ...(changes.costs.length === 0 ? [] : changeLines(changes))])
  if (changes.costs.length > 0) process.exitCode = failedStatus
}

/** `bootstand baseline show`: what a baseline holds. */
export const showBaseline = async (name: string, flags: BaselineFlags): Promise<void> => {
  const source = await findScenarioFile(name)
  const baseline = await readBaseline(fileOf(source, flags), source)
  const { qemu, options } = baseline.conditions
  const lines = baseline.boots.flatMap(({ test, images, costs }) => [
    '',
    test,
    ...Object.entries(images).map(([role, hash]) => `  ${role.padEnd(10)} ${hash}`),
    ...costs.map((it) => `  ${it.instructions.toFixed(2).padStart(9)} instructions  ${it.name}`),
  ])
  print(flags, baseline, [`${baseline.scenario}, for QEMU ${qemu}`, options, ...lines])
}

const print = (flags: BaselineFlags, data: unknown, lines: readonly string[]): void => {
  const text = flags.json === true ? JSON.stringify(data, null, 2) : lines.join('\n')
  process.stdout.write(`${text}\n`)
}

const countOf = ({ boots }: Baseline): number => boots.reduce((sum, it) => sum + it.costs.length, 0)

const fileOf = ({ file }: ScenarioFile, { output }: BaselineFlags): string =>
  output === undefined ? file.replace(/\.ts$/, '.baseline.json') : path.resolve(output)

const scenarioWithTests = async (name: string): Promise<ScenarioFile> => {
  const source = await findScenarioFile(name)
  if ((await fs.stat(source.testFile).catch(() => undefined)) !== undefined) return source
  throw wrong(
    `The scenario ${source.name} has no test that measures: expected ${shortPath(source.testFile)}.`,
  )
}

const readBaseline = async (file: string, { name }: ScenarioFile): Promise<Baseline> => {
  // Read as a menu is: a pipe from which nothing comes would be waited for without end.
  const read = await readMenu(file)
  if ('defect' in read) {
    throw wrong(
      `Expected the baseline of ${name} in ${shortPath(file)}, ${read.defect}. \`npx bootstand baseline save ${name}\` makes one.`,
    )
  }
  const baseline = parseBaseline(Buffer.from(read.text, 'latin1').toString('utf8'))
  if (typeof baseline !== 'string') return baseline
  throw wrong(`${shortPath(file)} is no baseline: ${baseline}. Restore it, or save a new one.`)
}

/** Runs the scenario's tests by the guest's clock; nothing when they failed or were interrupted. */
const measure = async (
  source: ScenarioFile,
  flags: BaselineFlags,
): Promise<Baseline | undefined> => {
  const runs = await watchedRun([source], flags, { method: 'direct', profile: 'deterministic' })
  if (runs === undefined || process.exitCode !== 0) return undefined
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
  return baselineOf(source.name, runs)
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BASELINE', 'usage', message)
