import { expect, test } from 'vitest'
import { kickstartArguments } from './kickstart.ts'

test('options are written as kickstart reads them', () => {
  expect(
    kickstartArguments({
      kmem: '40M',
      maxmem: '256M',
      bootinfo: true,
      mbi: false,
      decodeAll: true,
    }),
  ).toBe('kmem=40M maxmem=256M bootinfo=yes mbi=no decode-all=yes')
  expect(kickstartArguments({})).toBe('')
})

test.for(['40m', '0x100', '', '4 M', '40MB'])('the size "%s" is refused', (kmem) => {
  expect(() => kickstartArguments({ kmem })).toThrow(
    expect.objectContaining({ code: 'BOOTSTAND_KICKSTART', culprit: 'bootset' }),
  )
})
