import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { familyLoad } from './processes.ts'
import { ProcessorClock } from './processor-clock.ts'

/** Samples of a minute, of which each second has the same load. */
const minuteOf = (runnable: number, usedPerSecond: number): number => {
  const clock = new ProcessorClock(500)
  for (let second = 1; second <= 60; second++)
    clock.add(1_000, { runnable, used: 500 + second * usedPerSecond })
  return clock.time
}

test.each([
  ['an idle test', 0, 0, 60_000],
  ['a test that has a processor to itself', 1, 1_000, 60_000],
  ['a test that has a twentieth of a processor', 1, 50, 3_000],
  ['two threads that share a processor', 2, 1_000, 30_000],
  ['more use than the samples show', 1, 2_000, 60_000],
])('the clock of %s', (_, runnable, used, time) => {
  expect(minuteOf(runnable, used)).toBeCloseTo(time)
})

test('a sample that came late counts as work of the thread that takes it', () => {
  const clock = new ProcessorClock(0)
  clock.add(11_000, { runnable: 0, used: 500 })
  expect(clock.time).toBe(1_500)
})

test('the clock does not run backwards', () => {
  const clock = new ProcessorClock(0)
  clock.add(1_000, { runnable: 0, used: 0 })
  clock.add(1_000, { runnable: 3, used: 0 })
  expect(clock.time).toBe(1_000)
})

test('descendants count, also when they have ended', async () => {
  const before = familyLoad().used
  const child = spawn('sh', ['-c', 'sh -c "timeout 1 sh -c \\"while :; do :; done\\""; read end'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await expect.poll(() => familyLoad().runnable).toBeGreaterThan(0)
  await expect.poll(() => familyLoad().used - before).toBeGreaterThan(100)
  child.stdin.end()
  await expect.poll(() => child.exitCode).not.toBe(null)
  expect(familyLoad().used - before).toBeGreaterThan(100)
})
