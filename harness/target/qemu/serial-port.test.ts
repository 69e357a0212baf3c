import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSerialPorts } from './serial-port.ts'

test("keys that nobody reads are awaited by the emulator's clock, and longer on a slow host", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-port-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
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
