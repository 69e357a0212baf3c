import { errorOutput } from '../host/output.ts'
import type { Verdict } from '../boot/verdict.ts'
import { parseBootMethod } from '../media/build.ts'
import { defaultMethod } from '../media/medium.ts'
import { LiveReporter } from '../report/live-reporter.ts'
import { ResultsReporter } from '../report/results.ts'
import type { RunDefaults } from '../testing/test.ts'
import { loadScenarios, type ScenarioFile } from './catalogue.ts'
import type { BootFlags } from './flags.ts'
import { guestsFor } from './guests.ts'
import { onceSignalled } from './signals.ts'
import { runTests, sayInterruption } from './test-run.ts'

/**
 * Runs the tests of scenarios for what their boots leave behind, and sets the exit status that they deserve. What
 * happens is shown on standard error.
 *
 * @param watch What holds for each boot, where the command line does not say otherwise.
 * @returns one verdict a boot; nothing when the run was interrupted.
 */
export const watchedRun = async (
  files: readonly ScenarioFile[],
  flags: Pick<BootFlags, 'images' | 'method'>,
  watch: RunDefaults,
): Promise<readonly Verdict[] | undefined> => {
  const signalled = onceSignalled({ endsAtOnce: true })
  const method = parseBootMethod(flags.method) ?? watch.method
  const [first] = await loadScenarios(files)
  const guests = await guestsFor(flags.images, first?.scenario)
  const label = [guests.label, method ?? defaultMethod, watch.profile ?? []].flat().join(', ')
  const results = new ResultsReporter()
  const run = {
    testFiles: files.map((it) => it.testFile),
    defaults: {
      ...watch,
      ...(method !== undefined && { method }),
      ...(flags.images !== undefined && { images: guests.directory }),
    },
    live: new LiveReporter(errorOutput, () => label),
    results,
  }
  signalled.hold()
  const interruption = await runTests(run, signalled)
  signalled.dispose()
  process.exitCode = interruption?.exitStatus ?? results.exitStatus
  if (interruption === undefined) return results.results.runs
  sayInterruption(interruption, results.results)
  return undefined
}
