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
} from '../testing/sandbox.ts'

useSandbox()

const baseline = async (verb: string, ...words: readonly string[]) =>
  await bootstand(['baseline', verb, 'mine', ...words], { cwd: folder })

test(
  'numbers are the same each time; an instruction more is caught; another QEMU is refused',
  {
    timeout: 120_000,
  },
  async () => {
    writeProject(scenarioOf('pingpong'), testOfMessages)
    expect(await baseline('save')).toMatchObject({
      exitCode: 0,
      stdout: 'scenarios/mine.baseline.json: 64 numbers of mine',
    })
    expect(await baseline('check')).toMatchObject({
      exitCode: 0,
      stdout: 'All 64 numbers are as in scenarios/mine.baseline.json (all files are the same).',
    })
    expect((await baseline('show')).stdout).toMatch(
      / instructions {2}Inter-AS, messageRegisters 63$/m,
    )

    const slower = await baseline('check', '--images', await slowerStandIns())
    expect(slower.exitCode).toBe(1)
    const [summary, ...lines] = slower.stdout.split('\n')
    expect(summary).toBe(
      '64 of 64 numbers have changed since scenarios/mine.baseline.json (other files than then: kernel), in instructions:',
    )
    expect(lines).toHaveLength(64)
    // The timer's interrupts fall elsewhere then, too.
    for (const line of lines) expect(Number(/\+(\S+)$/.exec(line)?.[1])).toBeCloseTo(1, 0)

    const file = path.join(folder, 'scenarios/mine.baseline.json')
    const text = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, text.replace(/"qemu": ".*"/, '"qemu": "6.0"'))
    const refused = await baseline('check')
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain('it holds for QEMU 6.0, and this is ')
  },
)

test('what keeps it from measuring is said in a sentence', async () => {
  writeProject(scenarioOf('rt-tick'), testOf("await target.herc.waitFor('tick 1')"))
  expect((await baseline('check')).stderr).toContain(
    'Expected the baseline of mine in scenarios/mine.baseline.json, found nothing.',
  )
  const nothing = await baseline('save')
  expect(nothing.exitCode).toBe(2)
  expect(nothing.stderr).toContain('The tests of mine measured nothing')
  expect(fs.existsSync(path.join(folder, 'scenarios/mine.baseline.json'))).toBe(false)
  fs.writeFileSync(path.join(folder, 'scenarios/mine.baseline.json'), '{')
  expect((await baseline('show')).stderr).toContain(
    'mine.baseline.json is no baseline: it is no JSON.',
  )
})
