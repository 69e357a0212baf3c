import { expect, onTestFinished, test, vi } from 'vitest'
import { folder, useRuns } from '../../test-tools/runs.ts'
import { openSerialPorts } from './serial-port.ts'

useRuns()

test("keys that nobody reads are awaited by the emulator's clock, and longer on a slow host", async () => {
  const port = (await openSerialPorts(folder, ['herc'], () => 0)).get('herc')!
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let time = 0
  let reason = ''
  // More than a FIFO holds.
  const timing = { slowness: 2, meter: { cpu: () => 0, time: () => time } }
  const sent = port.send(Buffer.alloc(2 ** 20), timing).catch((error: unknown) => {
    reason = (error as Error).message
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(reason).toBe('')
  time = 20_000
  await vi.advanceTimersByTimeAsync(20_000)
  await sent
  expect(reason).toContain('it does not read its serial port (waited 20000 ms)')
  vi.useRealTimers()
  await port.close({ what: 'the test is over' })
})
