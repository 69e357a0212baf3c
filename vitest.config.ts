import { defineConfig } from 'vitest/config'
import { hostSlowness } from './harness/host/slowness.ts'
import { scenarioTests, testRunner } from './harness/testing/scenario-tests.ts'

export default defineConfig({
  test: {
    // Tests wait for guests half of their time: on two processors one would idle.
    maxWorkers: 2,
    reporters: [
      './harness/report/printable-errors.ts',
      'default',
      './harness/report/summary-reporter.ts',
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['harness/**/*.test.ts'],
          globalSetup: 'harness/test-tools/global-setup.ts',
          runner: testRunner,
          testTimeout: 180_000 * hostSlowness(),
          // vitest measures hooks by the wall clock.
          hookTimeout: 600_000,
          expect: { poll: { timeout: 60_000 } },
          // Messages name deadlines as they were scaled.
          env: { BOOTSTAND_SLOWNESS: '1' },
        },
      },
      {
        test: {
          name: 'scenarios',
          ...scenarioTests,
          globalSetup: 'harness/test-tools/global-setup.ts',
          // Boots come after the quick tests, so that a broken house is seen first.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
