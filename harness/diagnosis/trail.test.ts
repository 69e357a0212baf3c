import { expect, test } from 'vitest'
import { staysIn } from './trail.ts'

/** Each routine has 16 bytes and the name of its first. */
const find = (address: number) => [
  { image: 'kernel', symbol: `at${address & ~0xf}`, offset: address & 0xf },
]
const trailOf = (...addresses: number[]) =>
  staysIn(
    addresses.map((address) => ({ address, digits: address.toString(16), ring: 0 })),
    100,
    find,
  ).map(({ instruction, count, times, places }) => [
    instruction,
    count,
    times,
    places[0]!.symbol,
    places[0]!.offset,
  ])

test('instructions one after another in a routine are one stay there', () => {
  expect(trailOf(16, 17, 33, 34, 35, 20)).toEqual([
    [94, 2, 1, 'at16', 0],
    [96, 3, 1, 'at32', 1],
    [99, 1, 1, 'at16', 4],
  ])
})

test('a loop through several routines is written once', () => {
  expect(trailOf(16, 32, 48, 33, 49, 34, 50, 64)).toEqual([
    [92, 1, 1, 'at16', 0],
    [93, 3, 3, 'at32', 0],
    [94, 3, 3, 'at48', 0],
    [99, 1, 1, 'at64', 0],
  ])
})

test('code without names is told by its page, and by all digits of its address', () => {
  const executed = ['fff', '1000', '1fff', 'ffffffff81000c01', 'ffffffff81000fff'].map(
    (digits) => ({
      ...{ address: Number.parseInt(digits, 16), digits: digits.padStart(16, '0'), ring: 0 },
    }),
  )
  const stays = staysIn(executed, 5, () => [{ image: 'stripped' }])
  expect(stays.map(({ address, count }) => [address, count])).toEqual([
    ['fff', 1],
    ['1000', 2],
    ['ffffffff81000c01', 2],
  ])
})
