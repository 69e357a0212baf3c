import { hostSlowness } from '../host/slowness.ts'

/** How vitest runs the tests of scenarios, wherever it is started from. */
export const scenarioTests = {
  include: ['scenarios/**/*.test.ts'],
  /**
   * Milliseconds that a test may take, on the wall clock. Its waits have shorter deadlines, which a busy host does not use up;
   * this one is for what waits for no guest, and long enough for that host.
   */
  testTimeout: 1_800_000 * hostSlowness(),
}
