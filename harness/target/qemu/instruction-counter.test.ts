import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Stretch } from '../../formats/execution-log.ts'
import { openConsole, useConsoles } from '../../test-tools/consoles.ts'
import { openMonitor } from '../../test-tools/monitor.ts'
import { executes, prints } from '../../test-tools/execution-log.ts'
import { folder, useRuns } from '../../test-tools/runs.ts'
import { InstructionCounter } from './instruction-counter.ts'
import { Standstill } from './standstill.ts'

useConsoles()
useRuns()

/**
 * A counter from "a" to "b", of a QEMU that is the test: what it logs, and what it was told.
 *
 * @param refused A command that it does not know.
 */
const openCounter = async (refused?: string, stretch: Stretch = { from: 'a', to: 'b' }) => {
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
  const { transcript, printPiece } = openConsole()
  const counter = new InstructionCounter(emulator, folder, stretch, transcript)
  return { counter, told, logs: (text: string) => fs.writeSync(log!, text), printPiece }
}

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
    await expect.poll(() => fs.readdirSync(folder)).toEqual(['runs'])
    expect(told.slice(-4)).toEqual([
      ...['log cpu_reset', 'trace-event memory_region_ops_write off'],
      ...['singlestep off', 'logfile ../qemu.log'],
    ])
    expect(await counter.end()).toHaveLength(1)
  },
)

test('a benchmark is numbered by the headings of the boot, counted or not', async () => {
  const stretch = { heading: /^Run (?<benchmark>\w)/, from: 'a', to: 'b' }
  const { counter, told, logs, printPiece } = await openCounter(undefined, stretch)
  const isOver = async (times: number) =>
    await expect.poll(() => told.filter((it) => it === 'singlestep off')).toHaveLength(times)
  await counter.awake()
  logs(`${prints('Run A\na')}${executes('00400100')}${prints('b')}`)
  await isOver(1)
  // The first run of B comes behind no key.
  await printPiece('Run A\r\nab\r\nRun B\r\nab\r\n')
  await counter.awake()
  await printPiece('Run B\r\n')
  logs(`${prints('Run B\n')}${executes('00400200')}`)
  // A key that the benchmark itself asks for.
  await counter.awake()
  logs(`${prints('a')}${executes('00400300')}${prints('b')}`)
  await isOver(2)
  expect((await counter.end()).map(({ benchmark, run }) => [benchmark, run])).toEqual([
    ['A', 1],
    ['B', 2],
  ])
})
