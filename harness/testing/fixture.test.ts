import fs from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { pistachio } from '../boot/pistachio.ts'
import { processesIn } from '../host/processes.ts'
import { test as bootTest } from './test.ts'

const runs = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'bootstand-fixture-'))
process.env['BOOTSTAND_RUNS'] = runs
process.once('exit', () => fs.rmSync(runs, { recursive: true, force: true }))

const spin = pistachio({ rootTask: 'rt-spin' })

bootTest('a boot that nobody awaits …', ({ boot }) => {
  void boot(spin, { method: 'direct' })
  expect(processesIn(runs)).toEqual([])
})

bootTest('… is switched off before the next test', () => {
  expect(processesIn(runs)).toEqual([])
  const [run] = fs.readdirSync(runs)
  expect(fs.readdirSync(path.join(runs, run!))).toContain('verdict.json')
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
