import { expect, test } from 'vitest'
import { WaitError, type WaitFailure } from '../console/wait-error.ts'
import type { TargetEnd } from '../target/target.ts'
import { judge } from './verdict.ts'

const switchedOff: TargetEnd = { kind: 'switched-off', what: 'the machine was switched off' }
const failed = (failure: WaitFailure) =>
  new WaitError(failure, 'guest', 'herc did not print "x": because.\nThe last lines of herc:')

test('a boot whose last wait was met is finished, and nobody is to blame', () => {
  expect(judge(switchedOff, undefined, undefined)).toEqual({
    outcome: 'finished',
    summary: 'everything awaited was seen',
  })
})

test.for([
  ['deadline', 'not-printed'],
  ['not-shown', 'not-shown'],
  ['printed', 'not-quiet'],
  ['stop', 'stopped'],
  ['ended', 'host-failed'],
] as const)('a last wait that failed by %s makes it %s', ([failure, outcome]) => {
  expect(judge(switchedOff, failed(failure), undefined)).toEqual({
    outcome,
    culprit: 'guest',
    summary: 'herc did not print "x": because.',
  })
})

test('how the machine ended says more than the wait that it ended', () => {
  const end: TargetEnd = { kind: 'triple-fault', what: 'a triple fault', culprit: 'guest' }
  expect(judge(end, failed('ended'), undefined)).toEqual({
    outcome: 'triple-fault',
    culprit: 'guest',
    summary: 'a triple fault',
  })
})

test('a cancelled run has the reason of its signal', () => {
  const signal = AbortSignal.abort(new Error('Test timed out'))
  expect(judge(switchedOff, failed('deadline'), signal)).toEqual({
    outcome: 'cancelled',
    summary: 'Test timed out',
  })
})
