import type { Reporter } from 'vitest/node'
import { errorOutput } from '../host/output.ts'
import { notRunClause, type Results } from '../report/results.ts'
import { projectRoot } from '../host/paths.ts'
import { neverRetried } from '../testing/retry.ts'
import { scenarioTests } from '../testing/scenario-tests.ts'
import type { RunDefaults } from '../testing/test.ts'
import { say } from './print.ts'
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
  readonly live: ShowsCancelling & { readonly current: string | undefined }
  readonly results: ShowsCancelling
}

/** A reporter that is told when a signal cancels the run. */
type ShowsCancelling = Reporter & { readonly onCancel?: () => void }

/** A run that a signal has ended: where it was, as a sentence without its full stop, and the exit status for that. */
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
  let cancelAgain = () => {}
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
      reporters: [live, results, { onTestModuleQueued: () => cancelAgain() }],
    },
    {},
    { stdout: errorOutput.filtered(), stderr: errorOutput.filtered() },
  )
  // vitest takes the signals for itself when it starts.
  signals.take()
  let interrupted: string | undefined
  let force: NodeJS.Timeout | undefined
  const cancelled = signals.signal.then(async () => {
    interrupted = live.current
    live.onCancel?.()
    results.onCancel?.()
    // The second time vitest kills the processes that run tests.
    force = setTimeout(() => void vitest.cancelCurrentRun('keyboard-input'), cancelLimit)
    await vitest.cancelCurrentRun('keyboard-input')
  })
  // A process that was starting when the signal came did not receive the wish to cancel.
  cancelAgain = () => {
    if (signals.received() !== undefined) void vitest.cancelCurrentRun('keyboard-input')
  }
  if (signals.received() === undefined) {
    const project = vitest.getRootProject()
    const which = only === undefined ? {} : { testIds: [only] }
    const run = async (files: readonly string[]) => {
      const tests = files.map((file) => project.createSpecification(file, which))
      return await vitest.runTestSpecifications(tests, only === undefined)
    }
    const { testModules } = await run(testFiles)
    const loaded = new Set(testModules.map(({ moduleId }) => moduleId))
    const others = testFiles.filter((file) => !loaded.has(file))
    // A busy host may need longer to start a process than vitest waits.
    if (others.length > 0 && signals.received() === undefined) await run(others)
  }
  if (signals.received() !== undefined) await cancelled
  clearTimeout(force)
  await vitest.close()
  const signal = signals.received()
  if (signal === undefined) return undefined
  // Tests run in processes of their own, whose words come later.
  const sentence = `Interrupted by ${signal} during ${interrupted ?? live.current ?? 'the preparations'}`
  return { sentence, exitStatus: exitStatusOfSignal(signal) }
}

/** Milliseconds after which a test that ignores its signal is killed. */
const cancelLimit = 20_000

/** Prints where a run was interrupted and how much of it was not run. */
export const sayInterruption = ({ sentence }: Interruption, results: Results): void => {
  const rest = notRunClause(results)
  say(`bootstand: ${sentence}${rest === undefined ? '' : `; ${rest}`}.`)
}
