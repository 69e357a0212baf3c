import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import {
  bootstand,
  folder,
  scenarioOf,
  slowerStandIns,
  testOf,
  testOfMessages,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

const hot = async (to: string, ...words: readonly string[]) =>
  await bootstand(['hot', 'mine', '--from', 'IPC ( 0 MRs)', '--to', to, ...words], { cwd: folder })

test('the function that got slower is named, with what it costs more a call', async () => {
  writeProject(scenarioOf('pingpong'), testOfMessages('1'))
  const old = path.join(folder, 'old.json')
  const first = await hot('IPC ( 1 MRs)', '--json')
  fs.writeFileSync(old, first.stdout)
  const slower = await slowerStandIns('all')
  const now = await hot('IPC ( 1 MRs)', '--against', old, '--images', slower)
  expect(now.exitCode).toBe(0)
  // 1024 messages are measured, and two come before. Nothing else has changed.
  expect(now.stdout).toMatch(
    /^Instructions between "IPC \( 0 MRs\)" and "IPC \( 1 MRs\)":\n\nprints\n +\d+ → \d+ +\+1026 +\+1\.00 a call {2}ipc \(ia32-kernel\)$/,
  )
})

test('what keeps it from counting is said in a sentence', async () => {
  writeProject(scenarioOf('rt-tick'), testOf("await target.herc.waitFor('tick 1')"))
  const nothing = await hot('IPC ( 1 MRs)')
  expect(nothing.exitCode).toBe(2)
  expect(nothing.stderr).toContain(
    'Nothing was counted: no boot printed "IPC ( 0 MRs)". Expected a boot of mine that prints "IPC ( 0 MRs)" on COM1 behind a key that its test types, and then "IPC ( 1 MRs)", within 4000000 instructions of that key (--within).',
  )
  expect((await hot('b', '--within', '4M')).stderr).toContain(
    'Expected a whole number of instructions from 1 to 999999999999 behind --within, found "4M".',
  )
  const old = path.join(folder, 'old.json')
  expect((await hot('b', '--against', old)).stderr).toContain(`printed in ${old}: found nothing.`)
})
