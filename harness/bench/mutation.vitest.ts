import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'harness/{console,diagnosis,lint,formats,ramdisk,dumps}/**/*.test.ts',
      'harness/boot/verdict.test.ts',
      'harness/boot/recorded-verdicts.test.ts',
    ],
    testTimeout: 60_000,
  },
})
