import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { pistachio } from '../boot/pistachio.ts'
import { processesIn } from '../host/processes.ts'
import { test as bootTest } from './test.ts'

const runs = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'bootstand-fixture-'))
process.env['BOOTSTAND_RUNS'] = runs
process.once('exit', () => fs.rmSync(runs, { recursive: true, force: true }))

const spin = pistachio({ rootTask: 'rt-spin' })

bootTest('a boot that is not awaited is switched off at the end of its test', ({ boot }) => {
  const before = fs.readdirSync(runs)
  // Called after the fixture's end.
  onTestFinished(() => {
    expect(processesIn(runs)).toEqual([])
    const [run] = fs.readdirSync(runs).filter((it) => !before.includes(it))
    expect(fs.readdirSync(path.join(runs, run!))).toContain('verdict.json')
  })
  void boot(spin, { method: 'direct' })
  expect(processesIn(runs)).toEqual([])
})

bootTest.fails('a test whose boot gets no verdict does not pass', async ({ boot }) => {
  const target = await boot(spin, { method: 'direct' })
  const stop = target.stop.bind(target)
  Object.assign(target, {
    stop: async () => {
      await stop()
      throw new Error('no verdict')
    },
  })
})
