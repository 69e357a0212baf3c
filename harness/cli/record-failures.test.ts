import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import type { Results } from '../report/results.ts'
import {
  bootstand,
  bootstandProcess,
  folder,
  runFolders,
  scenarioOf,
  testOf,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

const run = async (...words: string[]) =>
  await bootstand(['run', 'mine', '--method', 'direct', ...words], { cwd: folder })

/** A statement of a test that tells whether the test has run before. */
const isSecond = "const isSecond = existsSync('second'); writeFileSync('second', '')"
const files = "import { existsSync, writeFileSync } from 'node:fs'\n"

const tests = `${files}import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('crashes', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrint('never')
})
test('boots by floppy', async ({ boot }) => {
  const target = await boot(mine, { method: 'floppy' })
  await expect(target.herc).toPrint('never')
})
test('fails once', async ({ boot }) => {
  const target = await boot(mine)
  await target.herc.waitFor('roottask case')
  ${isSecond}
  expect(isSecond).toBe(true)
})
test('is one too many', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrint('never')
})
test('is wrong itself', async ({ boot }) => {
  const target = await boot(mine)
  await target.herc.waitFor('roottask case')
  void target.herc.waitFor('never').catch(() => {})
})
`

test('what fails is recorded, and its run leads to the replay', async () => {
  writeProject(scenarioOf('rt-ud2'), tests)
  const { stdout, stderr, exitCode } = await run('--json')
  expect(exitCode).toBe(1)
  const said = stderr.slice(
    stderr.indexOf('Recording what failed (--no-record-failures leaves that out):'),
  )
  const results = JSON.parse(stdout) as Results
  expect(results).toMatchObject({ passed: 0, failed: 5 })
  const recordings = results.tests.map((it) => it.recording)
  expect(recordings.map((it) => it?.result)).toEqual([
    'failed-again',
    'not-recorded',
    'passed',
    'not-recorded',
    'not-recorded',
  ])
  const reason = 'the mistake is in the test or its scenario, not in what the guest did'
  expect(recordings.at(-1)).toEqual({ result: 'not-recorded', reason })
  expect(said).toContain(`mine › is wrong itself: is not recorded: ${reason}\n`)
  expect(said).toContain('mine › boots by floppy: is not recorded: Expected a boot by direct')
  expect(said).toContain(
    "mine › fails once: passes when it is recorded: the failure depends on the host's timing\n",
  )
  expect(said).toContain('1 more is not recorded: 3 failed tests at most are tried')

  const [failed] = results.runs as readonly [Verdict, ...Verdict[]]
  const name = path.basename(failed.runFolder)
  const command = `replay ${name} --to fault`
  expect(said).toContain(`mine › crashes: fails again, recorded: npx bootstand ${command}\n`)
  expect(runFolders()).toHaveLength(5)
  expect(path.join(failed.runFolder, failed.recorded!)).toBe(recordings[0]!.runFolder)
  const replayed = await bootstand(['replay', name], { cwd: folder })
  expect([replayed.exitCode, replayed.stdout]).toEqual([0, expect.stringContaining('/recorded/')])
  const { stdout: reported } = await bootstand(['report', name], { cwd: folder })
  expect(reported).toContain(`\n  recorded    in its ${failed.recorded}\n`)
  expect(reported).toContain(`How to repeat\n  npx bootstand ${command}\n`)
})

test('a signal ends the recording, and what the run has found is still told', async () => {
  const statements = `${isSecond}
  await target.herc.waitFor(isSecond ? 'never' : 'tick 2')
  expect(isSecond).toBe(true)`
  writeProject(scenarioOf('rt-tick'), `${files}${testOf(statements)}`)
  const running = bootstandProcess(['run', 'mine', '--method', 'direct'], folder)
  const recorded = () => {
    const [failed] = runFolders()
    return failed === undefined ? '' : path.join(folder, 'runs', failed, 'recorded')
  }
  await expect.poll(() => fs.existsSync(recorded())).toBe(true)
  running.kill('SIGINT')
  const { exitCode, stdout, stderr } = await running
  expect(exitCode).toBe(130)
  expect(stdout).toContain('0 passed, 1 failed, 0 skipped')
  expect(stderr).toContain('Interrupted by SIGINT during the recording of mine › prints.')
  expect(fs.existsSync(recorded())).toBe(false)
})
