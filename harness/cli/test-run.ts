import { createVitest } from 'vitest/node'
import { projectRoot } from '../host/paths.ts'
import type { LiveReporter } from '../report/live-reporter.ts'
import type { ResultsReporter } from '../report/results.ts'
import { neverRetried } from '../testing/retry.ts'
import { scenarioTests } from '../testing/scenario-tests.ts'
import type { RunDefaults } from '../testing/test.ts'
import { exitStatusOfSignal, onceSignalled } from './signals.ts'

/** Tests of scenarios that a command runs. */
export interface TestRun {
  readonly testFiles: readonly string[]
  /** What holds for each boot. */
  readonly defaults: RunDefaults
  readonly live: LiveReporter
  readonly results: ResultsReporter
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
  { testFiles, defaults, live, results }: TestRun,
  signals = onceSignalled(),
): Promise<Interruption | undefined> => {
  const vitest = await createVitest('test', {
    root: projectRoot(),
    config: false,
    ...scenarioTests,
    // A test that boots says itself what is worth another attempt.
    retry: { count: defaults.retries ?? 0, condition: neverRetried },
    // Tests run in processes of their own; this is how they learn what the command line says.
    provide: { bootstand: defaults },
    // What is shown live belongs together, and times mean something.
    fileParallelism: false,
    watch: false,
    reporters: [live, results],
  })
  // vitest takes the signals for itself when it starts.
  signals.take()
  let interrupted = 'the preparations'
  const cancelled = signals.signal.then(async () => {
    interrupted = live.current ?? interrupted
    await vitest.cancelCurrentRun('keyboard-input')
  })
  if (signals.received() === undefined) await vitest.start([...testFiles])
  if (signals.received() !== undefined) await cancelled
  await vitest.close()
  signals.dispose()
  const signal = signals.received()
  if (signal === undefined) return undefined
  const sentence = `Interrupted by ${signal} during ${interrupted}.`
  return { sentence, exitStatus: exitStatusOfSignal(signal) }
}
