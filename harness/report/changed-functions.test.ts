import { expect, test } from 'vitest'
import { functionChangeLines } from './changed-functions.ts'

const change = { image: 'ia32-kernel', function: 'ipc', before: 67_716, after: 68_742, calls: 1026 }

test('functions are named, or why there are none', () => {
  const counted = { test: 'prints', changes: [change] }
  expect(functionChangeLines([counted], true)).toEqual([
    'Functions from the first measured line to the second, in instructions:',
    '     67716 → 68742         +1026   +1.00 a call  ipc (ia32-kernel)',
  ])
  expect(functionChangeLines([counted, { test: 'again', changes: [] }], true).at(-1)).toBe(
    'Functions from the first measured line to the second of "again": none has changed. `npx bootstand hot` counts other stretches.',
  )
  expect(functionChangeLines([], false)).toEqual([
    'Functions cannot be compared: the baseline was saved without them.',
  ])
  expect(functionChangeLines([], true)[0]).toContain(
    'no boot was counted both then and now. Expected two ',
  )
})
