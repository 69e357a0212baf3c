import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMonitor } from '../../test-tools/monitor.ts'
import { InstructionCounter } from './instruction-counter.ts'
import { Standstill } from './standstill.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-counter-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

/**
 * A counter from "a" to "b", of a QEMU that is the test: what it logs, and what it was told.
 *
 * @param refused A command that it does not know.
 */
const openCounter = async (refused?: string) => {
  const told: string[] = []
  const fifo = path.join(folder, 'executed.fifo')
  let log: number | undefined
  const qmp = await openMonitor((command, words) => {
    if (command === 'query-status') return { status: 'paused' }
    if (command !== 'human-monitor-command') return {}
    const line = String(words['command-line'])
    told.push(line)
    if (line === refused) return 'unknown command'
    if (line.startsWith('logfile ')) {
      if (log !== undefined) fs.closeSync(log)
      log =
        fs.existsSync(fifo) && line.endsWith('executed.fifo') ? fs.openSync(fifo, 'w') : undefined
    }
    return ''
  })
  const emulator = { qmp, standstill: new Standstill(qmp) }
  const counter = new InstructionCounter(emulator, folder, { from: 'a', to: 'b' })
  return { counter, told, logs: (text: string) => fs.writeSync(log!, text) }
}

const executes = (address: string) =>
  `Trace 0: 0x7fd0781a3d00 [00000000/${address}/000030b3/ff020201] \n`
const prints = (text: string) =>
  `memory_region_ops_write cpu 0 mr 0x55e606588ee0 addr 0x3f8 value 0x${text.codePointAt(0)!.toString(16)} size 1 name 'serial'\n`

test('a stretch in which the machine goes back to a checkpoint is not counted', async () => {
  const { counter, told, logs } = await openCounter()
  await counter.awake()
  logs(prints('a') + executes('00400100'))
  await counter.restart()
  await counter.awake()
  logs(prints('a') + executes('00400200') + prints('b'))
  await expect.poll(() => told.filter((it) => it === 'singlestep off')).toHaveLength(2)
  expect(await counter.end()).toEqual([{ executed: [{ address: 0x400200, ring: 3, count: 1 }] }])
})

test.for(['log cpu_reset', 'singlestep off', 'logfile ../qemu.log'])(
  'a QEMU that refuses %j does the rest of what ends the counting',
  async (refused) => {
    const { counter, told, logs } = await openCounter(refused)
    await counter.awake()
    logs(prints('a') + executes('00400100') + prints('b'))
    await expect.poll(() => fs.readdirSync(folder)).toEqual([])
    expect(told.slice(-4)).toEqual([
      ...['log cpu_reset', 'trace-event memory_region_ops_write off'],
      ...['singlestep off', 'logfile ../qemu.log'],
    ])
    expect(await counter.end()).toHaveLength(1)
  },
)
