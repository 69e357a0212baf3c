import { once } from 'node:events'
import net from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { forPeople } from './monitor-commands.ts'
import { Qmp } from './qmp.ts'

test('what a disk has to take is awaited for longer than what QEMU knows', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  const [monitor] = (await once(server, 'connection')) as [net.Socket]
  const qmp = new Qmp(socket, () => {})
  onTestFinished(() => qmp.close())
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const known = forPeople(qmp, 'info irq').catch((error: unknown) => (error as Error).message)
  const kept = forPeople(qmp, 'savevm checkpoint')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await known).toContain('did not answer "human-monitor-command" within 10000 ms')
  monitor.write('{"return": "", "id": 2}\n')
  expect(await kept).toBe('')
})
