import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { cacheFolder } from '../host/paths.ts'
import type { Results } from '../report/results.ts'
import {
  folder,
  bootstand,
  bootstandProcess,
  output,
  runFolders,
  emulators,
  writeProject,
  scenarioOf,
  testOf,
  useSandbox,
} from '../test-tools/sandbox.ts'

useSandbox()

describe('run', () => {
  test('takes a name, with its folder too, or a path, and shows phases, a table, the outcome and the run folder', async () => {
    const names = ['pingpong', 'pistachio/pingpong', 'scenarios/pistachio/pingpong.test.ts']
    const result = await bootstand(['run', ...names, '--method', 'direct'])
    expect(result.exitCode).toBe(0)
    const [run] = runFolders()
    const stable = result.stdout
      .replaceAll(/\d+ ms|\d+\.\d\d s/g, (time) => 'TIME'.padStart(time.length))
      .replaceAll(/\d+\.\d\d/g, (cycles) => 'CYCLES'.padStart(cycles.length))
      .split('\n')
    expect(stable).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pistachio\/pingpong › .* {2}stand-in guests, direct$/),
        expect.stringMatching(/^ {2}loader +TIME$/),
        expect.stringMatching(/^ {2}kickstart +TIME$/),
        expect.stringMatching(/^ {2}kernel +TIME$/),
        expect.stringMatching(/^ {2}sigma0 +TIME$/),
        expect.stringMatching(/^ {2}root task +TIME$/),
        '   MRs   Inter-AS   Intra-AS    MRs   Inter-AS   Intra-AS',
        '  outcome     finished: everything awaited was seen',
        `  run folder  ${path.join(folder, 'runs', run!)}`,
        '1 passed, 0 failed, 0 skipped',
      ]),
    )
    expect(stable.filter((line) => /^ +\d+ +CYCLES/.test(line))).toHaveLength(32)
  })

  test('shows each phase once, and in order, when there are two consoles or two boots', async () => {
    const second =
      "const linux = await boot(l4linux({ ramdisk: 'ramdisk', arguments: 'root=/dev/ram0 console=herc console=ttyS1,115200' }))"
    writeProject(
      scenarioOf('pingpong'),
      testOf(`${second}
  await linux.waitForAll({ herc: 'Linux version', ttyS1: 'login: ' })
  await target.herc.waitFor('s: print SQLite table')`).replace(
        /^/,
        "import { l4linux } from 'bootstand'\n",
      ),
    )
    const result = await bootstand(['run', 'mine', '--method', 'direct'], { cwd: folder })
    expect(result.exitCode).toBe(0)
    const lines = result.stdout
      .split('\n')
      .map((line) => /^ {2}(?!passed)(\S.*?) +[\d.]+ m?s$/.exec(line)?.[1])
    const started = ['loader', 'kickstart', 'kernel', 'sigma0', 'root task']
    const rest = ['Linux', 'ramdisk', 'root file system', 'init', 'login']
    expect(lines.filter(Boolean)).toEqual([...started, ...started, ...rest])
    expect(result.stdout).toMatch(
      /^ {2}boot {8}1 of 2\n {2}outcome [^]*^ {2}boot {8}2 of 2\n {2}outcome /m,
    )
  })

  test('gives programs one JSON document', async () => {
    const result = await bootstand(['run', 'pingpong', '--method', 'direct', '--json'])
    const { runs, passed } = JSON.parse(result.stdout) as Results
    expect(passed).toBe(1)
    expect(runs).toMatchObject([
      {
        scenario: 'pingpong',
        outcome: 'finished',
        guests: 'stand-ins',
        phases: ['loader', 'kickstart', 'kernel', 'sigma0', 'root task'].map((name) => ({ name })),
      },
    ])
    expect(runs[0]!.measurements).toHaveLength(128)
    expect(runs[0]!.measurements[63]).toEqual({
      benchmark: 'Inter-AS',
      messageRegisters: 63,
      cycles: expect.any(Number),
      microseconds: expect.any(Number),
    })
    expect(fs.readdirSync(runs[0]!.runFolder).toSorted()).toEqual([
      ...['herc.cast', 'herc.out', 'medium', 'menu.lst', 'qemu.log', 'qemu.sh', 'qemu.stderr'],
      ...['qmp.jsonl', 'verdict.json', 'vga.txt'],
    ])
  })

  test('a text that does not come fails the test, with what came instead', async () => {
    writeProject(
      scenarioOf('rt-ud2'),
      testOf(`await expect(target.herc).toPrint('Pingpong started')`),
    )
    const words = ['run', 'mine', '--method', 'direct', '--no-record-failures']
    const result = await bootstand(words, { cwd: folder })
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toContain(
      '  herc did not print "Pingpong started": the kernel debugger was entered: "KD# invalid opcode" (waited ',
    )
    expect(result.stdout).toContain('    | --- "KD# invalid opcode" ---\n')
    expect(result.stdout).toMatch(/^ {2}outcome {5}crashed \(culprit: guest\)$/m)
    expect(result.stdout).toContain('\n  scenarios/mine.test.ts:5\n')
    expect(result.stdout).toContain('0 passed, 1 failed, 0 skipped')
  })

  test('a wait that nobody awaits fails the test', async () => {
    writeProject(
      scenarioOf('rt-spin'),
      `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => { void expect((await boot(mine)).herc).toPrint('never 1') })
test('shows', async ({ boot }) => { void expect((await boot(mine)).herc).toShow('never 2') })
test('vga', async ({ boot }) => { void expect((await boot(mine)).vga).toShow('never 3') })
`,
    )
    const result = await bootstand(['run', 'mine', '--method', 'direct'], { cwd: folder })
    expect(result.exitCode).toBe(1)
    for (const text of ['never 1', 'never 2', 'never 3'])
      expect(result.stdout).toContain(
        `The test ended while a console was still waiting for "${text}". Write \`await\` before that wait.`,
      )
    expect(result.stdout).toContain('0 passed, 3 failed, 0 skipped')
  })

  test('what GRUB echoes is not taken for the guest', async () => {
    writeProject(
      scenarioOf('rt-tick'),
      testOf(`const match = await target.herc.waitFor('tick')
  expect(match.line).toMatch(/^tick \\d+$/)`),
    )
    const result = await bootstand(['run', 'mine', '--method', 'iso'], { cwd: folder })
    expect(result.stdout).toContain('1 passed, 0 failed, 0 skipped')
  })

  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s to everything of it ends in order too',
    async (signal) => {
      writeProject(scenarioOf('rt-spin'), testOf(`await expect(target.herc).toPrint('never')`))
      const running = bootstandProcess(['run', 'mine', '--method', 'direct'], folder, {
        detached: true,
      })
      await output(running, '  loader')
      process.kill(-running.pid!, signal)
      await running
      await expect.poll(() => emulators()).toEqual([])
      const [run] = runFolders()
      await expect
        .poll(() => fs.readdirSync(path.join(folder, 'runs', run!)))
        .toContain('verdict.json')
      expect(fs.readdirSync(path.join(folder, 'runs', run!))).not.toContain('herc.in')
    },
  )

  test('a test that is interrupted is cancelled, and the rest is not run', async () => {
    const first = testOf(`await expect(target.herc).toPrint('never')`)
    writeProject(scenarioOf('rt-spin'), `${first}test('second', () => {})\n`)
    const running = bootstandProcess(['run', 'mine', '--method', 'direct'], folder)
    await output(running, '  loader')
    running.kill('SIGINT')
    const result = await running
    expect(result.exitCode).toBe(130)
    expect(result.stdout).toContain('0 passed, 0 failed, 0 skipped, 1 cancelled, 1 not run')
    expect(result.stderr).toContain('Interrupted by SIGINT during mine › prints (in phase ')
    expect(result.stderr).toContain('; 1 test was not run.')
    const [run] = runFolders()
    const files = fs.readdirSync(path.join(folder, 'runs', run!))
    expect(files).toContain('verdict.json')
    expect(files.filter((file) => /\.(?:in|sock)$/.test(file))).toEqual([])
  })

  test.for([
    ['boot', ['boot', 'mine'], 'KickStart'],
    ['run', ['run', 'mine'], '  loader'],
  ] as const)('%s takes its QEMU along when it is killed', async ([, words, sign]) => {
    writeProject(scenarioOf('rt-spin'), testOf(`await expect(target.herc).toPrint('never')`))
    const running = bootstandProcess([...words, '--method', 'direct'], folder)
    await output(running, sign)
    expect(emulators()).toHaveLength(1)
    running.kill('SIGKILL')
    await running
    await expect.poll(() => emulators()).toEqual([])
  })
})

test('what a killed type check has left is removed, an hour later', async () => {
  const names = ['types.old', 'types.new'] as const
  const [old, young] = names.map((name) => path.join(cacheFolder, name))
  for (const it of [old!, young!]) fs.mkdirSync(it, { recursive: true })
  try {
    fs.utimesSync(old!, 0, 0)
    writeProject(scenarioOf('rt-spin'))
    expect(await bootstand(['list'], { cwd: folder })).toMatchObject({ exitCode: 0 })
    expect([old, young].map((it) => fs.existsSync(it!))).toEqual([false, true])
  } finally {
    fs.rmdirSync(young!)
  }
})

test('a type check that a signal ends is told so, with the status of the signal', async () => {
  // What was found right before is not checked again.
  writeProject(`${scenarioOf('rt-spin')}// ${randomUUID()}\n`)
  const running = bootstandProcess(['list'], folder)
  const children = `/proc/${running.pid}/task/${running.pid}/children`
  const compiler = await vi.waitFor(
    () => {
      const ids = fs.readFileSync(children, 'latin1').split(' ').filter(Boolean)
      const found = ids.find((it) =>
        fs.readFileSync(`/proc/${it}/cmdline`, 'latin1').includes('tsc'),
      )
      expect(found).toBeDefined()
      return Number(found)
    },
    { timeout: 60_000, interval: 5 },
  )
  process.kill(compiler, 'SIGINT')
  const result = await running
  expect(result.exitCode).toBe(130)
  expect(result.stderr).toContain(
    'The type check of the scenario files was ended by SIGINT; nothing',
  )
})

test('a hook that fails fails the run, and is told', async () => {
  writeProject(
    scenarioOf('rt-spin'),
    `import { beforeAll, describe, test } from 'bootstand/testing'
describe('a group', () => {
  beforeAll(() => { throw new Error('no medium') })
  test('is not run', () => {})
})
`,
  )
  const result = await bootstand(['run', 'mine', '--json'], { cwd: folder })
  expect(result.exitCode).toBe(1)
  expect(JSON.parse(result.stdout)).toMatchObject({
    ...{ failed: 0, errors: ['mine › a group, in a hook: no medium'] },
  })
  expect(result.stderr).toMatch(
    /^mine › a group, in a hook {2}failed\n {2}no medium\n {2}scenarios\/mine\.test\.ts:3$/m,
  )
})
