import { expect, test } from 'vitest'
import type { Comparison } from '../report/compared-phases.ts'
import {
  bootstand,
  runFolders,
  scenarioOf,
  testOf,
  useSandbox,
  folder,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

const run = async (...words: readonly string[]) =>
  await bootstand(['run', 'mine', '--method', 'direct', ...words], { cwd: folder })

test('a boot is set beside the last good one, and beside any that is named', async () => {
  writeProject(scenarioOf('rt-tick'), testOf("await target.herc.waitFor('tick 3')"))
  const first = await run('--compare')
  expect(first.stdout).toContain('compared    with nothing: there is no earlier boot of this test')
  const [earlier] = runFolders()
  const second = await run('--compare')
  const lines = second.stdout
    .split('\n')
    .map((line) => line.trim().replaceAll(/\d+\.?\d* (?:ms|s)/g, 'TIME'))
  expect(lines).toContainEqual(expect.stringContaining(`compared    with `))
  expect(second.stdout).toContain(earlier)
  expect(lines).toContainEqual(expect.stringMatching(/^kernel +TIME +TIME/))
  const third = await run('--compare', earlier!, '--json')
  const { comparisons } = JSON.parse(third.stdout) as { comparisons: readonly Comparison[] }
  expect(comparisons).toMatchObject([{ before: expect.stringContaining(earlier!) }])
  expect(comparisons[0]!.phases.map(({ name, change }) => [name, change])).toContainEqual([
    'root task',
    'none',
  ])
})

test('an unknown run is refused before anything boots', async () => {
  writeProject(scenarioOf('rt-tick'), testOf("await target.herc.waitFor('tick 3')"))
  const { exitCode, stderr } = await run('--compare', 'nope')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('a run called like "nope"')
  expect(runFolders()).toEqual([])
})
