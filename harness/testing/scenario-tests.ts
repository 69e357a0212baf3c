import { hostSlowness } from '../host/slowness.ts'

/** How vitest runs the tests of scenarios, wherever it is started from. */
export const scenarioTests = {
  include: ['scenarios/**/*.test.ts'],
  /** Milliseconds that a test may take; its waits have shorter deadlines of their own. */
  testTimeout: 300_000 * hostSlowness(),
}
