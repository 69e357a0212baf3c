import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { processesIn } from '../../host/processes.ts'
import { Emulator } from './emulator.ts'
import { Replayer } from './replayer.ts'
import { fakeEmulator, pathWith } from '../../test-tools/programs.ts'

/** Answers as QEMU's monitor does, and takes its time to leave. */
const slow = `
import net from 'node:net'
import { createInterface } from 'node:readline'
const socket = net.connect('../qmp.sock')
createInterface({ input: socket }).on('line', (line) => {
  const { execute, id } = JSON.parse(line)
  socket.write(JSON.stringify({ return: {}, id }) + '\\n')
  if (execute === 'quit') setTimeout(() => process.exit(0), 2500)
})
`

let folder: string

// Programs are found once.
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-emulator-'))
  const script = path.join(folder, 'slow.mjs')
  fs.writeFileSync(script, slow)
  const program = fakeEmulator(`exec '${process.execPath}' '${script}'`)
  vi.stubEnv('PATH', pathWith(folder, { 'qemu-system-i386': program }))
})

afterAll(() => {
  vi.unstubAllEnvs()
  fs.rmSync(folder, { recursive: true })
})

test('a slow host has longer until its QEMU has left in order', async () => {
  vi.stubEnv('BOOTSTAND_SLOWNESS', '10')
  onTestFinished(() => void vi.stubEnv('BOOTSTAND_SLOWNESS', '1'))
  const workingDirectory = path.join(folder, 'medium')
  fs.mkdirSync(workingDirectory)
  const emulator = await Emulator.start({
    ...{ folder, workingDirectory, program: 'qemu-system-i386', arguments: [] },
    onEvent: () => {},
  })
  await expect(emulator.stop()).resolves.toEqual({ status: 0, signal: undefined, words: '' })
})

test('a replay whose QEMU does not offer itself to gdb leaves no process behind', async () => {
  const [runFolder, replay] = [path.join(folder, 'run'), path.join(folder, 'replay')]
  fs.mkdirSync(path.join(runFolder, 'medium'), { recursive: true })
  fs.writeFileSync(path.join(runFolder, 'recording'), '')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const start = Replayer.start({
    ...{ runFolder, folder: replay, machine: { memory: 64 }, roles: { serial: ['herc'] } },
    medium: { qemuArguments: [], files: new Map() },
    slowness: 1,
  })
  const reason = start.catch((error: unknown) => (error as Error).message)
  const isThere = (name: string) => fs.existsSync(path.join(replay, name))
  // That of the monitor goes when it has called.
  await expect.poll(() => [isThere('qmp.sock'), isThere('gdb.sock')]).toEqual([false, true])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await reason).toContain('QEMU could not start: its gdb stub did not call within 10000 ms')
  expect(processesIn(replay)).toEqual([])
})
