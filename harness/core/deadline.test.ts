import { expect, test, vi } from 'vitest'
import { deadlinesOf, describeDeadline, withDeadline } from './deadline.ts'

test('a promise that settles in time decides', async () => {
  await expect(withDeadline(Promise.resolve(7), 1_000, () => new Error('late'))).resolves.toBe(7)
  const failure = Promise.reject(new Error('broken'))
  await expect(withDeadline(failure, 1_000, () => new Error('late'))).rejects.toThrow('broken')
})

test('one that does not settle meets the deadline', async () => {
  vi.useFakeTimers()
  try {
    const never = withDeadline(new Promise(() => {}), 1_000, () => new Error('late'))
    const failure = expect(never).rejects.toThrow('late')
    await vi.advanceTimersByTimeAsync(1_000)
    await failure
  } finally {
    vi.useRealTimers()
  }
})

test('a clock that stands still is waited for', async () => {
  vi.useFakeTimers()
  try {
    let lost = 0
    const late = () => new Error('late')
    const time = () => performance.now() - lost
    const never = withDeadline(new Promise(() => {}), 1_000, late, time)
    const isOver = vi.fn<() => void>()
    const failure = expect(never.finally(isOver)).rejects.toThrow('late')
    await vi.advanceTimersByTimeAsync(900)
    lost += 600
    await vi.advanceTimersByTimeAsync(699)
    expect(isOver).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2)
    await failure
  } finally {
    vi.useRealTimers()
  }
})

test('a slow host has longer deadlines, but no longer count of instructions', () => {
  const given = { within: 10_000, cpu: 4_000, silence: 500, instructions: 7 }
  const scaled = deadlinesOf(given, 1.5)
  expect(scaled).toEqual({
    within: 15_000,
    cpu: 6_000,
    silence: 750,
    instructions: 7,
    slowness: 1.5,
  })
  expect(describeDeadline('within', scaled)).toBe(
    'within 15.00 s (10.00 s, times 1.5 for this host)',
  )
  expect(describeDeadline('cpu', deadlinesOf(given, 1))).toBe(
    "within 4.00 s of QEMU's processor time",
  )
  expect(describeDeadline('silence', deadlinesOf(given, 1))).toBe(
    'before nothing had come for 0.50 s',
  )
})

test('instructions are whole, and the wall clock goes on beside them for long', () => {
  const given = deadlinesOf({ instructions: 2_500_000 }, 1)
  expect(given).toMatchObject({ instructions: 2_500_000, within: 300_000 })
  expect(describeDeadline('instructions', given)).toBe('within 2,500,000 instructions of the guest')
  for (const none of [-1, 0.5, Infinity])
    expect(() => deadlinesOf({ instructions: none }, 1)).toThrow(
      `Expected a whole number of instructions as a deadline, found ${none}.`,
    )
})

test('no deadline becomes longer than a timer can run', () => {
  expect(deadlinesOf({ within: 2 ** 31 - 1 }, 3).within).toBe(2 ** 31 - 1)
  expect(() => deadlinesOf({ silence: -1 }, 1)).toThrow('Expected a deadline of 0 to 2147483647')
})
