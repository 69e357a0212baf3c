import { expect, test } from 'vitest'
import { flagsOf, pageFaultError, ringOf, trapNamed, trapOf } from './x86.ts'

test('flags are named as in the manual', () => {
  expect(flagsOf('0x3246')).toStrictEqual({ set: ['PF', 'ZF', 'IF'], ioPrivilegeLevel: 3 })
  expect(flagsOf('0x0000000000010202')).toStrictEqual({ set: ['IF', 'RF'], ioPrivilegeLevel: 0 })
  expect(flagsOf('0xffffffff').set).toHaveLength(16)
})

test('a page fault tells who did what', () => {
  expect(pageFaultError('0x7')).toStrictEqual({ access: 'write', user: true, present: true })
  expect(pageFaultError('0x10')).toStrictEqual({ access: 'fetch', user: false, present: false })
})

test('exceptions are known by number and by mnemonic', () => {
  expect(trapOf(0)?.name).toBe('divide error')
  expect(trapNamed('#GP')).toStrictEqual(trapOf(13))
  expect([trapOf(15), trapOf(300), trapOf(-1), trapNamed('#XX')]).toStrictEqual(
    Array(4).fill(undefined),
  )
})

test('the ring is in the code segment', () => {
  expect([ringOf('0x1b'), ringOf('0x8'), ringOf('0xe033')]).toStrictEqual([3, 0, 3])
})
