import fs from 'node:fs'
import path from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { globSync } from 'tinyglobby'
import { packageRoot, packagesFolder } from '../host/paths.ts'

/** What is mutated: the code that reads what guests print and decides what it means. */
const mutated = [
  ...['console', 'diagnosis', 'lint', 'formats', 'ramdisk'].map((it) => `harness/${it}/**/*.ts`),
  'harness/boot/verdict.ts',
]

/** Lines that are mutated by default; a run of 400 takes about half an hour on two processors. */
const usualSample = 400

/**
 * Measures how many small mistakes the tests notice: Stryker mutates a random sample of lines, and runs the tests that
 * cover each. All lines at once would take a day.
 *
 * @param lines How many lines are drawn. `BOOTSTAND_SEED` draws others; 1 by default.
 */
export const mutation = async (_images: string | undefined, lines = usualSample): Promise<void> => {
  const seed = Number(process.env['BOOTSTAND_SEED'] ?? 1)
  // Tests run in a copy of the sources.
  process.env['BOOTSTAND_PACKAGES'] = packagesFolder
  const sample = drawn(codeLines(), lines, randomNumbers(seed))
  const results = await new Stryker({
    mutate: sample.map(({ file, line }) => `${file}:${line}-${line}`),
    testRunner: 'vitest',
    vitest: { configFile: 'harness/bench/mutation.vitest.ts' },
    plugins: ['@stryker-mutator/vitest-runner'],
    coverageAnalysis: 'perTest',
    // A wait that never ends is one kind of mistake.
    timeoutMS: 5_000,
    concurrency: 2,
    ignoreStatic: true,
    // Stryker 9 reads this file with an interface that TypeScript 7 lacks.
    tsconfigFile: 'none',
    tempDirName: '.cache/mutation',
    ignorePatterns: ['/runs', '/.cache'],
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
  }).runMutationTest()
  const judged = results.filter(({ status }) => status !== 'CompileError' && status !== 'Ignored')
  for (const it of judged.filter(survived))
    print(
      `${it.status} ${path.relative(packageRoot, it.fileName)}:${it.location.start.line} ${it.mutatorName}: ${it.replacement.replaceAll('\n', ' ')}`,
    )
  for (const folder of new Set(judged.map(folderOf)))
    print(`${folder}: ${scoreOf(judged.filter((it) => folderOf(it) === folder))}`)
  print(`seed ${seed}, ${sample.length} lines: ${scoreOf(judged)}`)
}

interface Judged {
  readonly status: string
  /** Absolute path. */
  readonly fileName: string
}

/** Such as `harness/lint`. */
const folderOf = ({ fileName }: Judged): string =>
  path.relative(packageRoot, fileName).split(path.sep).slice(0, 2).join('/')

const survived = ({ status }: Judged): boolean => status === 'Survived' || status === 'NoCoverage'

const scoreOf = (all: readonly Judged[]): string => {
  const killed = all.filter((it) => !survived(it)).length
  return `${killed} of ${all.length} mutants noticed, ${((100 * killed) / all.length).toFixed(1)} %`
}

/** Lines that hold code, imports and comments not counted. */
const codeLines = (): { readonly file: string; readonly line: number }[] =>
  globSync(mutated, { cwd: packageRoot, ignore: ['**/*.test.ts'] })
    .toSorted()
    .flatMap((file) =>
      fs
        .readFileSync(path.join(packageRoot, file), 'utf8')
        .split('\n')
        .flatMap((text, index) =>
          /^\s*(?:\/?\*|\/\/|import\b|$)/.test(text) ? [] : [{ file, line: index + 1 }],
        ),
    )

/** Draws so many of a list, each at most once. */
const drawn = <T>(list: readonly T[], count: number, random: () => number): T[] => {
  const left = [...list]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(Math.floor(random() * left.length), 1)
    return one!
  })
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomNumbers = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
