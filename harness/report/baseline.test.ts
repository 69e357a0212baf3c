import { expect, test } from 'vitest'
import { incomparableBefore } from './baseline.ts'

const conditions = { qemu: '7.2.22', options: 'qemu-system-i386 -m 64' }

test('what is known before a boot refuses it, but not where a test has its own method', () => {
  const saved = { conditions, boots: [{}, { method: 'direct' }] } as const
  const now = { qemu: '7.2.22', method: 'direct' } as const
  expect(incomparableBefore(saved, now)).toBeUndefined()
  expect(incomparableBefore(saved, { ...now, method: 'iso' })).toBe(
    'it holds for --method direct, and this is iso',
  )
  expect(incomparableBefore({ conditions, boots: [{}] }, { ...now, method: 'iso' })).toBeUndefined()
  expect(incomparableBefore(saved, { ...now, qemu: '8.0.0' })).toBe(
    'it holds for QEMU 7.2.22, and this is 8.0.0',
  )
  // Where none is installed, the boot says so.
  expect(incomparableBefore(saved, { ...now, qemu: undefined })).toBeUndefined()
})
