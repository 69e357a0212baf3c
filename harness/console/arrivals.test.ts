import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Arrivals } from './arrivals.ts'

/** Looks that found bytes: how many, how long after the look before, and the pause before that one. */
const looks = fc.array(
  fc.record({
    bytes: fc.integer({ min: 1, max: 50 }),
    after: fc.double({ min: 0.01, max: 3, noNaN: true }),
    pause: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5000, noNaN: true })),
  }),
  { minLength: 1, maxLength: 400, size: 'max' },
)

/** A timeline of looks: from which offset on, between which moments. */
const timeline = (found: readonly { bytes: number; after: number; pause: number }[]) => {
  let [offset, now] = [0, 0]
  return found.map(({ bytes, after, pause }) => {
    const earliest = now + pause
    const piece = { offset, earliest, latest: earliest + after }
    offset += bytes
    now = piece.latest
    return piece
  })
}

test('what is told of a byte is true, however many pieces came', () => {
  fc.assert(
    fc.property(looks, (found) => {
      const arrivals = new Arrivals(16)
      const pieces = timeline(found)
      for (const { offset, earliest, latest } of pieces) arrivals.note(offset, earliest, latest)
      for (const { offset, earliest, latest } of pieces) {
        const told = arrivals.at(offset)
        expect(told.earliest).toBeLessThanOrEqual(earliest)
        expect(told.latest).toBeGreaterThanOrEqual(latest)
      }
      expect(arrivals.last).toBe(pieces.at(-1)!.latest)
    }),
  )
})

test('as long as there is room, each look is told apart', () => {
  fc.assert(
    fc.property(looks, (found) => {
      const arrivals = new Arrivals(400)
      const pieces = timeline(found)
      for (const { offset, earliest, latest } of pieces) arrivals.note(offset, earliest, latest)
      for (const { offset, earliest, latest } of pieces) {
        expect(arrivals.at(offset)).toEqual({ earliest, latest })
      }
    }),
  )
})

test('no more pieces are kept than there is room for', () => {
  const room = 64
  const arrivals = new Arrivals(room)
  const looked = 100_000
  for (let look = 0; look < looked; look++) arrivals.note(look, look, look + 1)
  let pieces = 1
  for (let end = arrivals.endOf(0); end !== Infinity; end = arrivals.endOf(end)) pieces++
  expect(pieces).toBeLessThanOrEqual(room)
  // Each tells a 16th of the time from the others at least.
  const { earliest, latest } = arrivals.at(looked / 2)
  expect(latest - earliest).toBeLessThan(looked / 16)
})
