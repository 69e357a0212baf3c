import type { BenchmarkChanges } from './baseline.ts'
import { hotChangeLines } from './hot.ts'

/** What functions are counted by, as a sentence. */
export const neededToCount =
  'Expected two measured lines of it on COM1 soon behind a key that a test types, and QEMU 7.2 (docs/profiles.md).'

/** The functions of which changed benchmarks executed more or fewer instructions, or why none can be named. */
export const functionChangeLines = (benchmarks: readonly BenchmarkChanges[]): string[] => {
  const severalTests = new Set(benchmarks.map(({ test }) => test)).size > 1
  return benchmarks.flatMap(({ test, benchmark, changes }) => {
    const name = severalTests ? `${benchmark} in "${test}"` : benchmark
    if (changes === undefined)
      return [`Functions of ${name}: not counted both then and now. ${neededToCount}`]
    const stretch = `Functions of ${name} from its first measured line to its second`
    return changes.length === 0
      ? [`${stretch}: none has changed. \`npx bootstand hot\` counts other stretches.`]
      : [`${stretch}, in instructions:`, ...hotChangeLines(changes)]
  })
}
