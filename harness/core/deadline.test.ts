import { expect, test, vi } from 'vitest'
import { withDeadline } from './deadline.ts'

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
