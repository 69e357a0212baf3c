import type { Reporter } from 'vitest/node'
import { errorOutput } from '../host/output.ts'
import { projectRoot } from '../host/paths.ts'
import { neverRetried } from '../testing/retry.ts'
import { scenarioTests } from '../testing/scenario-tests.ts'
import type { RunDefaults } from '../testing/test.ts'
import { exitStatusOfSignal, type Signalled } from './signals.ts'

/** Tests of scenarios that a command runs. */
export interface TestRun {
  readonly testFiles: readonly string[]
  /** vitest's id of the only test to run. */
  readonly only?: string
  /** Environment variables that the tests have besides. */
  readonly env?: Readonly<Record<string, string>>
  /** What holds for each boot. */
  readonly defaults: RunDefaults
  /** Shows it; `current` says where it is, as a clause. */
  readonly live: Reporter & { readonly current: string | undefined }
  readonly results: Reporter
}

/** A run that a signal has ended: where it was, in a clause, and the exit status for that. */
export interface Interruption {
  readonly sentence: string
  readonly exitStatus: number
}

/**
 * Runs tests, one boot at a time.
 *
 * @param signals Since when they are heard.
 * @returns how it was interrupted, if it was.
 */
export const runTests = async (
  { testFiles, only, env = {}, defaults, live, results }: TestRun,
  signals: Signalled,
): Promise<Interruption | undefined> => {
  // It takes half a second to load, which nobody waits for whose words mean nothing.
  const { createVitest } = await import('vitest/node')
  const vitest = await createVitest(
    'test',
    {
      root: projectRoot(),
      config: false,
      ...scenarioTests,
      // A test that boots says itself what is worth another attempt.
      retry: { count: defaults.retries ?? 0, condition: neverRetried },
      // Tests run in processes of their own; this is how they learn what the command line says.
      provide: { bootstand: defaults },
      env,
      // Node loads Bootstand's own files, as it does here: vitest would hand them over one by one, which takes longer.
      server: { deps: { external: [/\/harness\//] } },
      execArgv: ['--import', new URL('typescript.mjs', import.meta.url).href],
      // What is shown live belongs together, and times mean something.
      fileParallelism: false,
      watch: false,
      reporters: [live, results],
    },
    {},
    { stdout: errorOutput.filtered(), stderr: errorOutput.filtered() },
  )
  // vitest takes the signals for itself when it starts.
  signals.take()
  let interrupted: string | undefined
  const cancelled = signals.signal.then(async () => {
    interrupted = live.current
    await vitest.cancelCurrentRun('keyboard-input')
  })
  if (signals.received() === undefined) {
    const project = vitest.getRootProject()
    const which = only === undefined ? {} : { testIds: [only] }
    const tests = testFiles.map((file) => project.createSpecification(file, which))
    await vitest.runTestSpecifications(tests, only === undefined)
  }
  if (signals.received() !== undefined) await cancelled
  await vitest.close()
  const signal = signals.received()
  if (signal === undefined) return undefined
  // Tests run in processes of their own, whose words come later.
  const sentence = `Interrupted by ${signal} during ${interrupted ?? live.current ?? 'the preparations'}.`
  return { sentence, exitStatus: exitStatusOfSignal(signal) }
}
