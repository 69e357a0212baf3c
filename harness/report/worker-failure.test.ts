import { expect, test } from 'vitest'
import { workerFailure } from './worker-failure.ts'

test.for(['Failed to start forks worker for test files a.test.ts.', 'Worker forks emitted error.'])(
  '%s is a failure of the host',
  (words) => {
    const cause = { name: 'Error', message: 'Worker exited unexpectedly' }
    const failure = workerFailure({ name: 'Error', message: `[vitest-pool]: ${words}`, cause })
    expect(failure).toMatchObject({ culprit: 'host', exitStatus: 3 })
    expect(failure!.message).not.toContain('vitest')
  },
)

test('an error of a test is none', () => {
  expect(workerFailure({ name: 'Error', message: 'expected 1 to be 2' })).toBeUndefined()
})
