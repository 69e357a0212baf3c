import { expect, test } from 'vitest'
import { functionChangeLines } from './changed-functions.ts'

const change = { image: 'ia32-kernel', function: 'ipc', before: 67_716, after: 68_742, calls: 1026 }

test('functions are named, or why there are none', () => {
  const inter = { test: 'prints', benchmark: 'Inter-AS', changes: [change] }
  const intra = { test: 'prints', benchmark: 'Intra-AS', changes: [] }
  expect(functionChangeLines([inter, intra])).toEqual([
    'Functions of Inter-AS from its first measured line to its second, in instructions:',
    '     67716 → 68742         +1026   +1.00 a call  ipc (ia32-kernel)',
    'Functions of Intra-AS from its first measured line to its second: none has changed. `npx bootstand hot` counts other stretches.',
  ])
  expect(functionChangeLines([inter, { test: 'again', benchmark: 'Inter-AS' }]).at(-1)).toBe(
    'Functions of Inter-AS in "again": not counted both then and now. Expected two measured lines of it on COM1 soon behind a key that a test types, and QEMU 7.2 (docs/profiles.md).',
  )
})
