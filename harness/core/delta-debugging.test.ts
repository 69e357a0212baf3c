import fc from 'fast-check'
import { expect, test } from 'vitest'
import { smallest } from './delta-debugging.ts'

const all = Array.from({ length: 16 }, (_, index) => index)

test('of sixteen parts the two that matter are found in few attempts', async () => {
  let attempts = 0
  const found = await smallest(all, async (kept) => {
    attempts += 1
    return kept.includes(3) && kept.includes(12)
  })
  expect(found).toEqual([3, 12])
  expect(attempts).toBeLessThan(24)
})

test('where nothing matters, one attempt tells', async () => {
  let attempts = 0
  expect(await smallest(all, async () => ++attempts > 0)).toEqual([])
  expect(attempts).toBe(1)
})

test('no part of what is left can be spared', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(fc.constantFrom(...all)), { minLength: 1 }),
      async (causes) => {
        const holds = (kept: readonly number[]) =>
          causes.some((cause) => cause.every((it) => kept.includes(it)))
        const found = await smallest(all, async (kept) => holds(kept))
        expect(holds(found)).toBe(true)
        for (const it of found) expect(holds(found.filter((other) => other !== it))).toBe(false)
      },
    ),
  )
})
