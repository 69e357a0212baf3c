import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import {
  bootstand,
  folder,
  runFolders,
  scenarioOf,
  slowerStandIns,
  testOf,
  testOfMessages,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

const baseline = async (verb: string, ...words: readonly string[]) =>
  await bootstand(['baseline', verb, 'mine', ...words], { cwd: folder })

test('numbers are the same each time; two instructions more are caught; another QEMU is refused', async () => {
  writeProject(scenarioOf('pingpong'), testOfMessages('1', '2'))
  expect(await baseline('save')).toMatchObject({
    exitCode: 0,
    stdout:
      'scenarios/mine.baseline.json: 128 numbers of mine, and the functions of Inter-AS, Intra-AS',
  })
  const file = path.join(folder, 'scenarios/mine.baseline.json')
  const text = fs.readFileSync(file, 'utf8')
  // One of which the functions are missing, though nothing has changed.
  fs.writeFileSync(file, text.replace('"Inter-AS": {', '"Inter-XS": {'))
  expect(await baseline('check')).toMatchObject({
    exitCode: 0,
    stdout: [
      'All 128 numbers are as in scenarios/mine.baseline.json (all files are the same).',
      'Functions of Inter-AS: not counted both then and now. Expected two measured lines of it on COM1 soon behind a key that a test types, and QEMU 7.2 (docs/profiles.md).',
    ].join('\n'),
  })
  fs.writeFileSync(file, text)
  const { stdout: whole } = await baseline('show')
  expect(whole).toMatch(/ instructions {2}Inter-AS, messageRegisters 63$/m)
  for (const name of ['Inter-AS', 'Intra-AS']) {
    expect(whole).toMatch(
      new RegExp(
        `^  ${name} from its first measured line to its second:\n(?: .*\n)* +67716 instructions  ipc \\(ia32-kernel\\)$`,
        'm',
      ),
    )
  }

  const slower = await baseline('check', '--images', await slowerStandIns('intra'))
  expect(slower.exitCode).toBe(1)
  // A jump past it, too; the timer's interrupts fall elsewhere then. 1024 messages are measured, and two come before.
  expect(slower.stdout).toMatch(
    new RegExp(
      [
        '^64 of 128 numbers have changed since scenarios/mine.baseline.json \\(other files than then: kernel\\), in instructions:',
        '',
        'Intra-AS by messageRegisters: 64 of 64 changed',
        '  more  [▆▇█]{64}',
        '        0 +16 +32 +48 +█ = 2.\\d\\d',
        '  0–63 .*  mean \\+(?:1\\.9|2\\.0)\\d',
        '',
        'Functions of Intra-AS from its first measured line to its second, in instructions:',
        ' +\\d+ → \\d+ +\\+2052 +\\+2\\.00 a call {2}switch_to \\(ia32-kernel\\)$',
      ].join('\n'),
    ),
  )

  fs.writeFileSync(file, text.replace(/"qemu": ".*"/, '"qemu": "6.0"'))
  const refused = await baseline('check')
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  expect(refused.stderr).toContain('it holds for QEMU 6.0, and this is ')
  fs.writeFileSync(file, text.replace('"scenario": "mine"', '"scenario": "other"'))
  expect((await baseline('check')).stderr).toContain('it is one of the scenario other.')
  // Before anything was booted.
  expect(runFolders()).toHaveLength(3)
})

test('what keeps it from measuring is said in a sentence', async () => {
  writeProject(scenarioOf('rt-tick'), testOf("await target.herc.waitFor('tick 1')"))
  expect((await baseline('check')).stderr).toContain(
    'Expected the baseline of mine in scenarios/mine.baseline.json, found nothing.',
  )
  const nothing = await baseline('save')
  expect(nothing.exitCode).toBe(2)
  expect(nothing.stderr).toContain('The tests of mine measured nothing')
  expect(fs.existsSync(path.join(folder, 'scenarios/mine.baseline.json'))).toBe(false)
  const failing = testOf("await target.herc.waitFor('x', { within: 1 })")
  fs.writeFileSync(path.join(folder, 'scenarios/mine.test.ts'), failing)
  const failed = await baseline('save')
  expect(failed.exitCode).toBe(1)
  expect(failed.stderr).toContain(
    'bootstand: Nothing was measured: the tests of mine have not come to their end.',
  )
  fs.writeFileSync(path.join(folder, 'scenarios/mine.baseline.json'), '{')
  expect((await baseline('show')).stderr).toContain(
    'mine.baseline.json is no baseline: it is no JSON.',
  )
  fs.writeFileSync(path.join(folder, 'scenarios/mine.baseline.json'), '{}')
  expect((await baseline('show')).stderr).toContain(
    'mine.baseline.json is no baseline: "scenario": expected string, found nothing. Restore',
  )
})
