import { expect, test } from 'vitest'
import { typedWhole } from './typed.ts'

test('each number between the least and the most that are named is taken, no other', () => {
  const { MAX_SAFE_INTEGER: most } = Number
  for (const typed of [0, 7, most])
    expect(typedWhole('--back', `${typed}`, { least: 0, most })).toBe(typed)
  for (const typed of [
    `${BigInt(most) + 1n}`,
    '9'.repeat(400),
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '07',
  ])
    expect(() => typedWhole('--back', typed, { least: 0, most })).toThrow(
      `Expected a whole number from 0 to ${most} behind --back, found "${typed}".`,
    )
})
