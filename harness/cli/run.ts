import { errorOutput, output } from '../host/output.ts'
import { existsSync } from 'node:fs'
import { BootstandError } from '../core/errors.ts'
import { usageError, typedWhole } from '../core/typed.ts'
import { printJson, say } from './print.ts'
import { assertRecordableMethod } from '../boot/recordable.ts'
import { bootContent } from '../boot/prepare.ts'
import { readVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { comparePhases, type Comparison } from '../report/compared-phases.ts'
import { lastGoodRun, thatRun, type FindEarlier } from '../evidence/earlier-run.ts'
import { findRun, noRun } from '../evidence/find-run.ts'
import { shortPath } from '../host/paths.ts'
import { toolPath } from '../host/tools.ts'
import { parseBootMethod } from '../media/build.ts'
import type { Profile } from '../target/target.ts'
import { defaultMethod } from '../media/medium.ts'
import { LiveReporter } from '../report/live-reporter.ts'
import { ResultsReporter, summaryLine } from '../report/results.ts'
import {
  findScenarioFile,
  findScenarioFiles,
  brokenLine,
  loadEach,
  type NamedScenario,
  type ScenarioFile,
} from './catalogue.ts'
import { parseProfile } from './profile.ts'
import { guestsFor } from './guests.ts'
import type { RunFlags } from './flags.ts'
import { takeFor } from './on-board.ts'
import { recordFailures } from './record-failures.ts'
import { runTests, sayInterruption } from './test-run.ts'
import { onceSignalled } from './signals.ts'

/** `bootstand run`: boots scenarios and checks what their tests want to see. */
export const run = async (names: readonly string[], flags: RunFlags): Promise<void> => {
  // Before the first test there is nothing to end in order.
  const signalled = onceSignalled({ endsAtOnce: true })
  const method = parseBootMethod(flags.method ?? (flags.record === true ? 'direct' : undefined))
  const profile = profileOf(flags)
  if (profile === 'record' && method !== undefined) assertRecordableMethod(method)
  const retries = typedWhole('--retries', flags.retries, { least: 0, most: mostRetries })
  const named = await filesFor(names)
  const { scenarios, broken } = await loadEach(named)
  if (broken.length === named.length && broken.length > 0) throw broken[0]!.error
  const files = named.filter(({ file }) => broken.every((it) => it.file !== file))
  for (const it of broken) say(`bootstand: ${brokenLine(it)}`)
  if (flags.board === undefined) await toolPath('qemu-system-i386')
  const guests = await guestsFor(flags.images)
  signalled.hold()
  // Waiting for it is no test's time: the run has it for all of its tests.
  await using taken = await signalled.aborting(
    async (signal) => await takeFor('run', names.join(' '), flags, signal),
  )
  const board = taken?.board
  if (board?.medium.resident !== true) await assertSomethingBoots(scenarios, flags.images)

  const labels = flags.images === undefined ? guestLabels(scenarios, guests.label) : undefined
  const comparisons: Comparison[] = []
  const earlier = flags.compare === undefined ? undefined : earlierRun(flags.compare)
  const compare = (verdict: Verdict) => {
    const then = earlier!(verdict)
    const comparison = then === undefined ? undefined : comparePhases(verdict, then)
    if (comparison !== undefined) comparisons.push(comparison)
    return comparison
  }
  const results = new ResultsReporter({ allowFlaky: flags.allowFlaky === true })
  for (const { error } of broken) results.addError(error)
  const out = flags.json === true ? errorOutput : output
  const live = new LiveReporter(
    out,
    (testFile) =>
      `${labels?.get(testFile) ?? guests.label}, ${board === undefined ? (method ?? defaultMethod) : `board ${board.name}`}`,
    earlier === undefined ? undefined : compare,
  )
  const testRun = {
    testFiles: files.map((file) => file.testFile),
    defaults: {
      retries,
      ...(method !== undefined && { method }),
      ...(profile !== undefined && { profile }),
      ...(board !== undefined && { board }),
      ...(flags.images !== undefined && { images: guests.directory }),
    },
    live,
    results,
  }
  let interruption = await runTests(testRun, signalled)
  try {
    if (flags.recordFailures !== false)
      interruption ??= await recordFailures(testRun, out, signalled)
  } finally {
    signalled.dispose()
    // Whatever becomes of the recordings, the run is over.
    if (flags.json === true) printJson({ ...results.results, ...(earlier && { comparisons }) })
    else output.write(`${summaryLine(results.results)}\n`)
  }
  process.exitCode = interruption?.exitStatus ?? results.exitStatus
  if (interruption !== undefined) sayInterruption(interruption, results.results)
}

const profileOf = ({ record, profile }: RunFlags): Profile | undefined => {
  if (record !== true) return parseProfile(profile)
  if (profile === undefined || profile === 'record') return 'record'
  throw usageError(
    `Expected no --profile or BOOTSTAND_PROFILE beside --record, which is the profile record; found ${profile}.`,
  )
}

const earlierRun = (name: string | true): FindEarlier => {
  if (name === true) return lastGoodRun(new Date().toISOString())
  const folder = findRun(name)
  const verdict = readVerdict(folder)
  if (verdict !== undefined) return thatRun(verdict)
  throw noRun(
    `Expected a run with a verdict for --compare, found ${shortPath(folder)} without one: it goes on, or was killed.`,
  )
}

const mostRetries = 10

/** Scenario files by what people call them, each with its tests; all when nothing is named. */
export const filesFor = async (names: readonly string[]): Promise<ScenarioFile[]> => {
  const files =
    names.length === 0 ? await findScenarioFiles() : await Promise.all(names.map(findScenarioFile))
  for (const { name, file, testFile } of files) {
    if (existsSync(testFile)) continue
    throw new BootstandError(
      'BOOTSTAND_SCENARIO',
      'usage',
      `The scenario ${name} says what to boot (${shortPath(file)}) but not what must be seen: ` +
        `expected a test in ${shortPath(testFile)}. \`npx bootstand boot ${name}\` boots it all the same.`,
    )
  }
  return [...new Map(files.map((file) => [file.file, file])).values()]
}

/**
 * Says what is wrong with a user's files before anything starts. Where some scenarios find what
 * they need, the others fail one by one.
 */
const assertSomethingBoots = async (
  scenarios: readonly NamedScenario[],
  images: string | undefined,
): Promise<void> => {
  const checks = await Promise.allSettled(
    scenarios.map(async ({ scenario }) => {
      const { directory } = await guestsFor(images, scenario)
      return await bootContent(scenario, directory, defaultMethod)
    }),
  )
  const refused = checks.filter((check) => check.status === 'rejected')
  if (refused.length > 0 && refused.length === checks.length) throw refused[0]!.reason
}

/** What each test file boots, for people: a file may have scenarios of several systems. */
const guestLabels = (scenarios: readonly NamedScenario[], usual: string): Map<string, string> => {
  const labels = new Map<string, Set<string>>()
  for (const { file, scenario } of scenarios) {
    const known = labels.get(file.testFile) ?? new Set()
    labels.set(file.testFile, known.add(scenario.guests?.label ?? usual))
  }
  return new Map([...labels].map(([file, names]) => [file, [...names].join(' and ')]))
}
