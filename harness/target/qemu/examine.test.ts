import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { leastSamples } from '../examination.ts'
import { emulatorClock } from './emulator-clock.ts'
import type { Emulator } from './emulator.ts'
import { examine } from './examine.ts'
import { Standstill } from './standstill.ts'

// The host's clock moves only where a test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'], now: 0 }))
afterEach(() => void vi.useRealTimers())

const registers = 'CPU#0\nEIP=00400812 EFL=00000202 [-------] CPL=3 II=0 A20=1 SMM=0 HLT=0'

/** A QEMU whose guest spins, as its monitor and the system show it. */
const spinning = (answer: () => Promise<void>, time: () => number): Emulator => {
  let cpu = 0
  const qmp = {
    execute: async (command: string, { 'command-line': line }: Record<string, string> = {}) => {
      await answer()
      if (command === 'query-status') return { status: 'running' }
      cpu += 1
      return line === 'info irq' ? '' : registers
    },
  } as unknown as Emulator['qmp']
  const state = { id: process.pid, time, qmp, standstill: new Standstill(qmp) }
  return {
    ...state,
    get cpu() {
      return cpu
    },
  } as Emulator
}

test('a busy host is given time for all the samples that a verdict needs', async () => {
  // Each answer takes 30 ms, for which the host ran others.
  const answer = async () => {
    await pause(1)
    vi.advanceTimersByTime(30)
  }
  const { samples } = await examine(
    spinning(answer, () => 0),
    os.tmpdir(),
  )
  expect(samples).toHaveLength(leastSamples)
})

test.for([
  ['5 s of the host', 1_000, (): number => 0, 5],
  ['1 s of its own', 300, (): number => performance.now(), 4],
] as const)('a QEMU that answers slowly is asked for %s', async ([, step, time, most]) => {
  const answer = async () => {
    await pause(1)
    vi.advanceTimersByTime(step)
  }
  const { samples } = await examine(spinning(answer, time), os.tmpdir())
  expect(samples.length).toBeGreaterThan(most - 3)
  expect(samples.length).toBeLessThanOrEqual(most + 1)
})

test('the clock of an emulator stands still while a hypervisor runs others', () => {
  const clock = emulatorClock(process.pid, () => ({ waited: 100, throttled: 0, stolen: 250 }))
  vi.advanceTimersByTime(1_000)
  expect(clock()).toBe(650)
})
