import { expect, test } from 'vitest'
import type { Evidence, Diagnosis } from '../console/diagnosis.ts'
import type { Stop } from '../console/stop.ts'
import { WaitError, type WaitFailure } from '../console/wait-error.ts'
import type { TargetEnd } from '../target/target.ts'
import { judge } from './verdict.ts'

const end: TargetEnd = { kind: 'switched-off', what: 'the machine was switched off' }
const summary = 'herc did not print "x": because.'
const failed = (failure: WaitFailure, why: { stop?: Stop; diagnosis?: Diagnosis } = {}) =>
  new WaitError(failure, 'guest', `${summary}\nThe last lines of herc:`, why)
const stop: Stop = {
  id: 'kernel-panic',
  culprit: 'guest',
  outcome: 'crashed',
  meaning: 'the kernel panicked',
  line: 'panic',
  column: 0,
}
const evidence: Evidence = {
  sentence: 'The guest spins.',
  samples: 32,
  halted: 0,
  interruptsOff: 0,
  places: [],
  took: 150,
}

test('a boot whose last wait was met is finished, and nobody is to blame', () => {
  expect(judge({ end })).toEqual({ outcome: 'finished', summary: 'everything awaited was seen' })
  expect(judge({ end, waited: false }).summary).toBe('nothing was awaited')
})

test('a crash that was awaited is expected, another is not', () => {
  expect(judge({ end, crash: { stop, awaited: true } })).toEqual({
    outcome: 'expected-panic',
    summary: 'the kernel panicked, as awaited',
  })
  expect(judge({ end, crash: { stop, awaited: false } })).toEqual({
    outcome: 'crashed',
    culprit: 'guest',
    summary: 'the kernel panicked, but nobody awaited it',
  })
})

test('a crash is whose stop it is, whatever the stop is of', () => {
  const swapped = { ...stop, culprit: 'bootset', outcome: 'waiting-in-debugger' } as const
  expect(judge({ end, crash: { stop: swapped, awaited: false } })).toMatchObject({
    outcome: 'crashed',
    culprit: 'bootset',
  })
  expect(judge({ end, crash: { stop: swapped, awaited: true } })).not.toHaveProperty('culprit')
})

test('a wait that failed by a stop text has its outcome', () => {
  const failure = failed('stop', { stop: { ...stop, outcome: 'waiting-in-loader' } })
  expect(judge({ end, failure, crash: { stop, awaited: true } })).toEqual({
    outcome: 'waiting-in-loader',
    culprit: 'guest',
    summary,
  })
})

test('a wait that missed its deadline has what the examination found', () => {
  const diagnosis: Diagnosis = { outcome: 'spinning', culprit: 'guest', evidence }
  for (const kind of ['deadline', 'not-shown'] as const) {
    expect(judge({ end, failure: failed(kind, { diagnosis }) })).toEqual({
      outcome: 'spinning',
      culprit: 'guest',
      summary,
      evidence,
    })
  }
})

test.for([
  ['printed', 'not-quiet'],
  ['ended', 'host-failed'],
] as const)('a last wait that failed by %s makes it %s', ([failure, outcome]) => {
  expect(judge({ end, failure: failed(failure) })).toEqual({ outcome, culprit: 'guest', summary })
})

test.for([
  ['reset', 'reset'],
  ['triple-fault', 'triple-fault'],
  ['shutdown', 'shutdown'],
  ['panic', 'crashed'],
  ['emulator-failed', 'emulator-failed'],
] as const)('%s says more than the wait that it ended: %s', ([kind, outcome]) => {
  const ended: TargetEnd = { kind, what: 'so it ended', culprit: 'guest' }
  expect(judge({ end: ended, failure: failed('ended') })).toEqual({
    outcome,
    culprit: 'guest',
    summary: 'so it ended',
  })
})

test('a reset by what its debugger was asked does not count', () => {
  const reset: TargetEnd = { kind: 'reset', what: 'it reset', culprit: 'guest' }
  const ending = { end: reset, failure: failed('printed') }
  expect(judge(ending)).toMatchObject({ outcome: 'reset' })
  expect(judge({ ...ending, asked: true })).toMatchObject({ outcome: 'not-quiet', summary })
  const gone: TargetEnd = { kind: 'emulator-failed', what: 'QEMU is gone', culprit: 'host' }
  expect(judge({ ...ending, end: gone, asked: true })).toMatchObject({
    outcome: 'emulator-failed',
  })
})

test('a cancelled run has the reason of its signal', () => {
  const signal = AbortSignal.abort(new Error('Test timed out'))
  expect(judge({ end, failure: failed('deadline'), signal })).toEqual({
    outcome: 'cancelled',
    summary: 'Test timed out',
  })
})
