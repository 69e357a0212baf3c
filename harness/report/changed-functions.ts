import type { changedCounts } from './baseline.ts'
import { hotChangeLines } from './hot.ts'

/** What functions are counted by, as a sentence. */
export const neededToCount =
  'Expected two measured lines on COM1 soon behind the first key that a test types, and QEMU 7.2 (docs/profiles.md).'

/**
 * The functions of which a baseline's check executed more or fewer instructions, or why none can be named.
 *
 * @param wereCounted Whether the baseline has any.
 */
export const functionChangeLines = (
  functions: ReturnType<typeof changedCounts>,
  wereCounted: boolean,
): string[] => {
  if (functions.length === 0) {
    const reason = wereCounted
      ? `no boot was counted both then and now. ${neededToCount}`
      : 'the baseline was saved without them.'
    return [`Functions cannot be compared: ${reason}`]
  }
  return functions.flatMap(({ test, changes }) => {
    const heading = `Functions from the first measured line to the second${functions.length === 1 ? '' : ` of "${test}"`}`
    return changes.length === 0
      ? [`${heading}: none has changed. \`npx bootstand hot\` counts other stretches.`]
      : [`${heading}, in instructions:`, ...hotChangeLines(changes)]
  })
}
