import { fileURLToPath } from 'node:url'
import { hostSlowness } from '../host/slowness.ts'

/** Path of vitest's runner that measures `testTimeout` by the processor time a test could get. */
export const testRunner = fileURLToPath(new URL('test-runner.ts', import.meta.url))

/** How vitest runs the tests of scenarios, wherever it is started from. */
export const scenarioTests = {
  include: ['scenarios/**/*.test.ts'],
  runner: testRunner,
  /** Milliseconds that a test may take. Its waits have shorter timeouts of their own. */
  testTimeout: 1_800_000 * hostSlowness(),
  /** Milliseconds that a hook may take, on the wall clock, which is vitest's for hooks. */
  hookTimeout: 600_000,
}
