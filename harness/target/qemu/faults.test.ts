import fs from 'node:fs'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { boot } from '../../boot/boot.ts'
import { pistachio } from '../../boot/pistachio.ts'
import { processesIn } from '../../host/processes.ts'
import { failureOf } from '../../test-tools/consoles.ts'
import { smallDisk } from '../../test-tools/small-disk.ts'
import { runs, useRuns } from '../../test-tools/runs.ts'

// What may happen between QEMU and the harness.

useRuns()

const flood = (size: string) => pistachio({ rootTask: 'rt-flood', arguments: `bytes=${size}` })
const quietly = pistachio({ rootTask: 'rt-spin' })

/** A harness that does nothing at all for a while, as a debugger's user knows it. */
const stall = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

test('a harness that stalls neither stops the guest nor loses a byte', async () => {
  await using target = await boot(flood('2M'), { method: 'direct' })
  const { herc } = target
  await herc.waitFor('flood 00000001')
  const sizeNow = () => fs.statSync(herc.transcript.path).size
  const before = sizeNow()
  stall(2000)
  expect(sizeNow() - before).toBeGreaterThan(50_000)
  await herc.waitFor('flood done', { within: 60_000 })
  const text = fs.readFileSync(herc.transcript.path, 'latin1')
  const numbers = [...text.matchAll(/^\r?flood (\d{8}): the quick brown fox .* 01$/gm)]
  expect(numbers.map(([, number]) => Number(number))).toEqual([...Array(32_768).keys()])
})

test('keys reach the guest though its FIFO has no name that could stay behind', async () => {
  await using target = await boot(pistachio({ rootTask: 'pingpong' }), { method: 'direct' })
  await target.herc.waitFor('s: print SQLite table')
  expect(fs.readdirSync(target.runFolder)).not.toContain('herc.in')
  await target.herc.type('2')
  const { line } = await target.herc.waitFor(/^IPC \(63 MRs\)/)
  expect(line).toMatch(/: [\d.]+ cycles/)
})

test.for(['1M', '1500K', '1504K'])(
  'a disk of %s that gets full is the fault of the host',
  async (size, { skip }) => {
    const unmount = smallDisk(runs, size)
    skip(unmount === undefined, 'only the superuser may mount a disk')
    try {
      const target = await boot(flood('8M'), { method: 'direct' })
      const error = await failureOf(target.herc.waitFor('flood done', { within: 20_000 }))
      expect(error).toMatchObject({ culprit: 'host' })
      expect(error.message).toContain('the console can no longer be recorded (')
      await expect(target.stop()).resolves.toMatchObject({
        outcome: 'host-failed',
        culprit: 'host',
      })
      expect(processesIn(target.runFolder)).toEqual([])
    } finally {
      unmount?.()
    }
  },
)

/** Ids of the emulator's threads. */
const threadsOf = (runFolder: string): string[] =>
  processesIn(runFolder).flatMap((id) => fs.readdirSync(`/proc/${id}/task`))

test('a busy host is not held against the guest', async () => {
  await using target = await boot(flood('512K'), { method: 'direct' })
  const { herc, runFolder } = target
  await herc.waitFor('flood 00000001')
  // One processor for the emulator and others that are always busy; each in a session of its own, as
  // the scheduler may give each session the same part.
  const words = ['-c', '0', 'sh', '-c', 'while :; do :; done']
  const hogs = [1, 2, 3, 4].map(() => execa('taskset', words, { reject: false, detached: true }))
  try {
    for (const thread of threadsOf(runFolder)) await execa('taskset', ['-pc', '0', thread])
    const started = performance.now()
    await herc.waitFor('flood done', { within: 2_500 })
    expect(performance.now() - started).toBeGreaterThan(2_600)
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL')
    await Promise.all(hogs)
  }
})

test('a deadline in instructions ends a wait on a guest that counts them', async () => {
  const options = { method: 'direct', profile: 'deterministic' } as const
  await using target = await boot(quietly, options)
  const { herc } = target
  await herc.waitFor('Idle thread started')
  const error = await failureOf(herc.waitFor('never', { instructions: 20_000_000 }))
  expect(error.message).toContain('not printed within 20,000,000 instructions of the guest (waited')
})
