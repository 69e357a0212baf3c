import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { toolPath } from '../host/tools.ts'
import type { Results } from '../report/results.ts'
import { fakeEmulator, pathWith } from '../test-tools/programs.ts'
import {
  bootstand,
  folder,
  runFolders,
  scenarioOf,
  testOf,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

/** A PATH with a QEMU that fails as often as said before it works. */
const failingQemu = async (failures: number): Promise<string> => {
  const qemu = await toolPath('qemu-system-i386')
  const count = path.join(folder, 'count')
  const script = `count=$(cat ${count} 2>/dev/null || echo 0)
[ "$count" -ge ${failures} ] && exec ${qemu} "$@"
echo $((count + 1)) >${count}
echo no luck today >&2
exit 1`
  return pathWith(folder, { 'qemu-system-i386': fakeEmulator(script, { real: qemu }) })
}

const ticks = () =>
  writeProject(
    scenarioOf('rt-tick'),
    testOf("await expect(target.herc).toPrint('tick 2', { within: 3_000 })"),
  )

const run = async (PATH: string, ...words: string[]) =>
  await bootstand(['run', 'mine', '--method', 'direct', ...words], { cwd: folder, env: { PATH } })

test('a test whose host failed once is flaky, never passed, and both attempts are kept', async () => {
  ticks()
  const result = await run(await failingQemu(1))
  expect(result.stdout).toContain('  attempt 2 of 2: the host failed\n')
  expect(result.stdout).toContain('QEMU could not start: it ended with status 1: no luck today')
  expect(result.stdout).toMatch(/^ {2}flaky in /m)
  expect(result.stdout).toMatch(/^0 passed, 0 failed, 0 skipped, 1 flaky$/m)
  expect(result.exitCode).toBe(1)
  const verdicts = runFolders().map(
    (name) =>
      JSON.parse(
        fs.readFileSync(path.join(folder, 'runs', name, 'verdict.json'), 'utf8'),
      ) as object,
  )
  expect(verdicts).toHaveLength(2)
  expect(verdicts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ attempt: 1, outcome: 'emulator-failed', culprit: 'host' }),
      expect.objectContaining({ attempt: 2, outcome: 'finished' }),
    ]),
  )
})

test('with --allow-flaky that is no failure; programs see it all the same', async () => {
  ticks()
  const result = await run(await failingQemu(2), '--allow-flaky', '--retries', '2', '--json')
  expect(result.exitCode).toBe(0)
  const { passed, flaky, tests } = JSON.parse(result.stdout) as Results
  expect({ passed, flaky }).toEqual({ passed: 0, flaky: 1 })
  expect(tests).toMatchObject([{ state: 'flaky', attempts: 3 }])
  expect(tests[0]!.errors).toHaveLength(2)
})

test('what fails to the end has failed, by the host', async () => {
  ticks()
  const result = await run(await failingQemu(9))
  expect(result.exitCode).toBe(3)
  expect(result.stdout).toContain('0 passed, 1 failed, 0 skipped')
  expect(runFolders()).toHaveLength(2)
})

test("a guest's failure is never tried again, nor is a test that boots nothing, whose words are shown", async () => {
  writeProject(
    scenarioOf('rt-ud2'),
    `${testOf("await expect(target.herc).toPrint('never')")}
test('boots nothing', () => { console.log('tried'); expect(1).toBe(2) })\n`,
  )
  const result = await run(process.env['PATH']!, '--retries', '3', '--no-record-failures')
  expect(result.exitCode).toBe(1)
  expect(result.stdout).toContain('0 passed, 2 failed, 0 skipped')
  expect(runFolders()).toHaveLength(1)
  expect(result.stdout.match(/^tried$/gm)).toHaveLength(1)
  expect(result.stdout).not.toContain('Recording what failed')
})

test('a number that is none is refused', async () => {
  const result = await bootstand(['run', 'pingpong', '--retries', 'often'])
  expect(result.exitCode).toBe(2)
  expect(result.stderr).toContain(
    'Expected a whole number from 0 to 10 behind --retries, found "often".',
  )
})
