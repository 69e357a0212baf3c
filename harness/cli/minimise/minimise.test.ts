import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Console } from '../../console/console.ts'
import { packageRoot } from '../../host/paths.ts'
import { failedBoot } from '../../test-tools/failed-boot.ts'
import {
  bootstand,
  bootstandProcess,
  folder,
  output,
  runFolders,
  testOf,
  useSandbox,
  writeProject,
} from '../../test-tools/sandbox.ts'

useSandbox()

const superfluous = `import { pistachio } from 'bootstand'
export default pistachio({
  rootTask: 'rt-sleep',
  arguments: 'a b',
  kickstart: 'bootinfo=no kmem=60M',
  modules: [{ file: 'pingpong', arguments: 'x' }],
})
`

test('what the crash does not need is left out of the menu', async () => {
  writeProject(superfluous, testOf("await expect(target.herc).toPrint('never')"))
  await bootstand(['run', 'mine', '--method', 'direct', '--no-record-failures'], { cwd: folder })
  const run = path.join(folder, 'runs', runFolders()[0]!)
  const result = await bootstand(['minimise'])
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  const lines = result.stdout.split('\n')
  expect(lines[0]).toMatch(/: Pistachio: kmem_alloc: out of kernel memory in ia32-kernel, kmem_/)
  expect(lines[1]).toBe('  boot 1: all as it was: the same')
  expect(result.stdout).toMatch(
    /^ {2}boot \d+: without module \/sigma0: Pistachio: kickstart gave/m,
  )
  const [, boots] = /^(\d+) boots: 4 modules -> 3, 5 words -> 1\.$/m.exec(result.stdout)!
  expect(Number(boots)).toBeLessThan(14)
  const menu = `title L4Ka::Pistachio rt-sleep
root (cd)
kernel /kickstart kmem=60M
module /ia32-kernel
module /sigma0
module /rt-sleep
`
  expect(result.stdout).toContain(menu)
  expect(result.stdout).toContain(
    'Left out: "bootinfo=no" of /kickstart, "a" of /rt-sleep, "b" of /rt-sleep, module /pingpong, "x" of /pingpong.',
  )
  const minimal = path.join(run, 'minimal')
  expect(fs.readFileSync(path.join(minimal, 'boot/grub/menu.lst'), 'latin1')).toContain(menu)
  expect(fs.readdirSync(minimal).toSorted()).toEqual([
    'boot',
    'ia32-kernel',
    'kickstart',
    'rt-sleep',
    'sigma0',
  ])
  // Of all the boots the last one that crashed is kept.
  expect(runFolders()).toHaveLength(2)
  const [, command] = /^Boot it: npx bootstand (.*)$/m.exec(result.stdout)!
  const booted = bootstandProcess(command!.split(' '))
  await output(booted, '--- "KD# kmem_alloc: out of kernel memory" ---')
  booted.stdin.end()
  await booted
  // What was found stays until something else is.
  const before = runFolders()
  const again = bootstandProcess(['minimise', 'mine'])
  await output(again, 'boot 1')
  again.kill('SIGINT')
  const interrupted = await again
  expect(interrupted).toMatchObject({ exitCode: 130 })
  expect(interrupted.stderr).toBe('bootstand: Interrupted by SIGINT.')
  // Not one of the runs that were tried is taken, and none of them stays.
  expect(interrupted.stdout).toContain(`${path.basename(run)}: `)
  expect(runFolders()).toEqual(before)
  expect(fs.readFileSync(path.join(minimal, 'boot/grub/menu.lst'), 'latin1')).toContain(menu)
  expect(fs.readdirSync(run).filter((it) => it.startsWith('minimal-'))).toEqual([])
  // It ends after so many boots, with what it has.
  const cut = await bootstand(['minimise', run, '--boots', '1'])
  expect(cut.exitCode).toBe(0)
  expect(cut.stdout).toContain('\n1 boot: 4 modules -> 4, 5 words -> 5.\nThere were no boots left')
  expect(cut.stdout).toContain('\nNothing was left out.\n')
})

test('a hang is known by its routine, and told as data', async () => {
  const modules = [{ file: 'rt-hlt' }]
  const run = await failedBoot(
    { rootTask: 'rt-spin', memory: 128, processors: 2, modules },
    { awaits: async (herc) => await herc.waitFor('never', { within: 1000 }) },
  )
  const { stdout } = await bootstand(['minimise', run, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    failure: 'spinning in rt-spin, main',
    isCut: false,
    counts: { modules: { from: 4, to: 3 } },
    dropped: ['module /rt-hlt', 'memory 128 MiB', '2 processors'],
    command: expect.stringMatching(/menu\.lst --method direct$/),
  })
})

test('keys that the failure needs are typed', async () => {
  const modules = [{ file: 'rt-hlt' }]
  const awaits = async (herc: Console) => {
    await herc.waitFor('s: print SQLite table')
    await herc.type('\x1b')
    await herc.waitFor('never')
  }
  await failedBoot({ rootTask: 'pingpong', modules }, { awaits })
  const { stdout, exitCode } = await bootstand(['minimise'])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('Left out: module /rt-hlt.')
  expect(stdout).toContain('Type on herc: "\\u001b", behind "s: print SQLite table"')
})

test('a crash that does not come again is said, with how often it was tried', async () => {
  const run = await failedBoot({ rootTask: 'rt-ud2' })
  const other = path.join(packageRoot, 'fixtures/recordings/pistachio/kdb-rt-kmem.log')
  fs.copyFileSync(other, path.join(run, 'herc.out'))
  const result = await bootstand(['minimise'])
  expect(result).toMatchObject({ exitCode: 1, stderr: '' })
  expect(result.stdout).toContain('  boot 3: all as it was: Pistachio: invalid opcode in rt-ud2')
  expect(result.stdout).toContain('It did not come again in 3 boots.')
})

test('what cannot be minimised is answered in a sentence, with status 2', async () => {
  const wrong = async (...words: string[]) => {
    const result = await bootstand(['minimise', ...words])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    return result.stderr
  }
  const run = await failedBoot({ rootTask: 'rt-ud2' })
  expect(await wrong('--boots', 'few')).toContain(
    'Expected a whole number from 1 to 1000000 behind --boots, found "few".',
  )
  expect(await wrong('norun')).toContain('Expected a run folder, or a run called like "norun"')
  fs.writeFileSync(path.join(run, 'herc.out'), 'all is well\n')
  const verdict = path.join(run, 'verdict.json')
  const text = fs.readFileSync(verdict, 'utf8')
  fs.writeFileSync(
    verdict,
    text.replace(/"outcome": "(?:crashed|expected-panic)"/, '"outcome": "finished"'),
  )
  expect(await wrong()).toContain('found the outcome "finished", by which nothing could be known')
  const log = path.join(packageRoot, 'fixtures/recordings/pistachio/kdb-rt-ud2.log')
  fs.copyFileSync(log, path.join(run, 'herc.out'))
  fs.rmSync(path.join(run, 'medium'), { recursive: true })
  fs.writeFileSync(verdict, text.replaceAll(/"sha256": "[0-9a-f]/g, '"sha256": "x'))
  expect(await wrong()).toContain('has no copy of kickstart (kickstart) as it was booted')
  fs.rmSync(path.join(run, 'menu.lst'))
  expect(await wrong()).toContain('Expected a run with a menu entry at')
  fs.rmSync(verdict)
  expect(await wrong()).toContain('found no verdict.json that tells how it was booted')
})
