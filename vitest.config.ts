import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', './harness/report/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['harness/**/*.test.ts'],
          globalSetup: 'harness/testing/global-setup.ts',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['scenarios/**/*.test.ts'],
          globalSetup: 'harness/testing/global-setup.ts',
          testTimeout: 120_000,
          // Boots come after the quick tests, so that a broken house is seen first.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
