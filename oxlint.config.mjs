import { defineConfig } from 'oxlint'

/** A boot flows through these folders in this order; each imports only from those before it. */
const folders = [
  ...['core', 'formats', 'dumps', 'host', 'run-folder', 'console', 'bootset', 'media', 'ramdisk'],
  ...[
    'target',
    'kernel',
    'lint',
    'diagnosis',
    'guests',
    'boot',
    'testing',
    'evidence',
    'baseline',
    'report',
    'cli',
    'test-tools',
    'bench',
    'fuzz',
  ],
]

const oneWayImports = folders.map((folder, index) => ({
  files: [`harness/${folder}/**`],
  excludeFiles: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              'bootstand',
              '**/../index.ts',
              ...folders.slice(index + 1).map((later) => `**/${later}/**`),
            ],
            message: `harness/${folder} imports only from the folders before it: docs/architecture.md.`,
          },
        ],
      },
    ],
  },
}))

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    // A toPrint that nobody awaits asserts nothing.
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'eslint/eqeqeq': 'error',
    // Whatever is printed passes through the filter of harness/host/output.ts.
    'eslint/no-console': 'error',
    'eslint/no-restricted-properties': [
      'error',
      ...['stdout', 'stderr'].map((property) => ({
        object: 'process',
        property,
        message: 'Print through `output` or `errorOutput` of harness/host/output.ts.',
      })),
    ],
    'eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
    // Escape sequences are this project's daily bread.
    'eslint/no-control-regex': 'off',
    // Small local functions read best where they are used.
    'unicorn/consistent-function-scoping': 'off',
    // `...['-m', '64']` keeps an option and its value on one line.
    'unicorn/no-useless-spread': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'promise/always-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    // toPrint waits and asserts; the rule knows only vitest's own matchers.
    'vitest/valid-expect': 'off',
    // Our test comes from vitest's; the rule knows it only by its name.
    'vitest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['bootTest'] }],
  },
  overrides: [
    ...oneWayImports,
    {
      files: [
        'harness/host/output.ts',
        'harness/cli/bootstand.mjs',
        'harness/bench/**',
        'harness/test-tools/**',
        '**/*.test.ts',
      ],
      rules: { 'eslint/no-console': 'off', 'eslint/no-restricted-properties': 'off' },
    },
    {
      files: [
        'scenarios/**',
        'vitest.config.ts',
        'oxlint.config.mjs',
        'harness/report/printable-errors.ts',
        'harness/report/summary-reporter.ts',
        'harness/bench/mutation.vitest.ts',
        'harness/testing/test-runner.ts',
      ],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
  ignorePatterns: ['runs/**', '.cache/**', 'fixtures/**'],
})
