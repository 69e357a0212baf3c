import { TestRunner, type RunnerTestCase, type TestContext } from 'vitest'
import { BootstandError, failedStatus } from '../core/errors.ts'
import { formatDuration } from '../core/text.ts'
import { startProcessorClock } from '../host/processor-clock.ts'

/**
 * vitest's test runner, with `testTimeout` measured on a clock that a busy host slows down as much as the test. The
 * `timeout` option of a single test and `hookTimeout` stay on the wall clock.
 */
export default class extends TestRunner {
  readonly #limit: number
  readonly #tests = new WeakMap<RunnerTestCase, AbortController>()
  readonly #clocks = new Map<RunnerTestCase, () => void>()

  constructor(config: ConstructorParameters<typeof TestRunner>[0]) {
    super(config)
    this.#limit = config.testTimeout
    // vitest's own timer would run on the wall clock.
    config.testTimeout = 0
  }

  override extendTaskContext(context: TestContext): TestContext {
    const { signal: cancelled } = context
    const end = new AbortController()
    cancelled.addEventListener('abort', () => end.abort(cancelled.reason))
    this.#tests.set(context.task, end)
    // vitest ends a test when this signal is aborted.
    return super.extendTaskContext(Object.assign(context, { signal: end.signal }))
  }

  override onBeforeTryTask(test: RunnerTestCase): void {
    super.onBeforeTryTask(test)
    const stop = startProcessorClock((time, passed) => {
      if (time < this.#limit) return
      stop()
      this.#tests.get(test)?.abort(tooLong(test.name, this.#limit, passed))
    })
    this.#clocks.set(test, stop)
  }

  onTaskFinished(test: RunnerTestCase): void {
    this.#clocks.get(test)?.()
    this.#clocks.delete(test)
  }
}

const tooLong = (name: string, limit: number, passed: number): BootstandError =>
  new BootstandError(
    'BOOTSTAND_TEST_TIMEOUT',
    'usage',
    `Expected the test "${name}" to end within ${formatDuration(limit)}, found it still running after ${formatDuration(passed)} ` +
      'on the wall clock. Time in which a busy host withheld the processor does not count. Check what the test awaits.',
    { exitStatus: failedStatus },
  )
