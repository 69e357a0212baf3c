import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import {
  folder,
  bootstand,
  bootstandProcess,
  emulators,
  output,
  writeProject,
  scenarioOf,
  command,
  useSandbox,
} from '../test-tools/sandbox.ts'

useSandbox()

/** Whether a process has a file open. */
const openedBy = (pid: number, file: string): boolean =>
  fs.readdirSync(`/proc/${pid}/fd`).some((it) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/fd/${it}`) === file
    } catch {
      return false
    }
  })

describe('boot', () => {
  test('puts the console on this terminal and passes keys on', async () => {
    const running = bootstandProcess(['boot', 'pingpong', '--method', 'direct'])
    const seen: string[] = []
    for await (const line of running.iterable({ from: 'stdout', preserveNewlines: true })) {
      seen.push(line)
      if (line.includes('s: print SQLite table')) running.stdin.write('2')
      if (line.includes('IPC (63 MRs)')) running.stdin.write('\x1d')
    }
    const result = await running
    expect(result.exitCode).toBe(0)
    expect(seen.filter((line) => line.includes(' MRs): '))).toHaveLength(64)
    expect(result.stderr).toContain('The machine was switched off.')
  })

  test('boots a menu and its directory as they are', async () => {
    const menu = path.join(folder, 'boot/grub/menu.lst')
    fs.mkdirSync(path.dirname(menu), { recursive: true })
    fs.cpSync(standInFolder, folder, { recursive: true })
    fs.symlinkSync('/nowhere', path.join(folder, 'dangling'))
    const modules = 'module /ia32-kernel\nmodule /sigma0\nmodule /pingpong\n'
    fs.writeFileSync(
      menu,
      `title Other\npause\ntitle L4\nroot (hd0,0)\nkernel /kickstart\n${modules}`,
    )
    const running = bootstandProcess(['boot', '--menu', menu, '--entry', 'L4'])
    for await (const line of running.iterable({ from: 'stdout' })) {
      if (line.includes('s: print SQLite table')) running.stdin.write('\x1d')
    }
    const result = await running
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toContain(`L4 (${menu} by disk), console com1.`)
  })

  test('boots a menu on a 64-bit PC, and the report says so', async () => {
    fs.copyFileSync(path.join(standInFolder, 'halt'), path.join(folder, 'halt'))
    const menu = path.join(folder, 'menu.lst')
    fs.writeFileSync(menu, 'title t\nroot (hd0,0)\nkernel /halt\n')
    const words = ['--menu', menu, '--entry', 't', '--root', folder]
    const running = bootstandProcess(['boot', ...words, '--architecture', 'x86_64'])
    await output(running, 'halting')
    running.stdin.write('\x1d')
    await running
    const { stdout } = await bootstand(['report'])
    expect(stdout).toMatch(/emulator +qemu-system-x86_64 \d/)
    expect(stdout).toMatch(
      /npx bootstand boot [^]* --architecture x86_64\n +cd RUN\/medium && qemu-system-x86_64 -/,
    )
  })

  test.for([
    [
      ['boot', 'pingpong', '--disk', 'x', '--menu', 'y'],
      'or --menu FILE; found pingpong and x and y.',
    ],
    [['boot', 'pingpong', '--entry', 'x'], '--entry goes with --menu.'],
    [['boot', 'pingpong', '--memory', '64'], '--memory goes with --disk or --menu.'],
    [['boot', '--menu', 'nowhere.lst'], 'nowhere.lst; found nothing.'],
    [['boot', '--menu', 'README.md'], 'by --root DIR; it is known only for a menu in boot/grub.'],
  ] as const)('%j is answered in one sentence', async ([words, sentence]) => {
    const result = await bootstand(words)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain(sentence)
  })

  test.for(['--disk', '--menu'])('a pipe without a writer at %s is refused', async (option) => {
    const pipe = path.join(folder, 'pipe.lst')
    execFileSync('mkfifo', [pipe])
    const root = option === '--menu' ? ['--root', folder] : []
    const result = await bootstandProcess(['boot', option, pipe, ...root])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain(`${pipe}; found a pipe`)
  })

  test('names a link that leads back to where it lies', async () => {
    fs.mkdirSync(path.join(folder, 'root/deep'), { recursive: true })
    fs.symlinkSync('..', path.join(folder, 'root/deep/back'))
    const menu = path.join(folder, 'menu.lst')
    fs.writeFileSync(menu, 'title t\nboot\n')
    const root = path.join(folder, 'root')
    const result = await bootstand(['boot', '--menu', menu, '--root', root])
    expect(result.exitCode).toBe(2)
    expect(result.stderr).toContain(
      `found the link ${root}/deep/back, which leads back to ${root}, a directory that it lies in.`,
    )
  })

  test('takes a menu from a pipe', async () => {
    const line = `${command} boot --menu <(printf 'title t\\npause\\n') --root . --entry u`
    const result = await execa('bash', ['-c', line], {
      cwd: folder,
      reject: false,
      timeout: 100_000,
    })
    expect(result.stderr).toContain('no entry with the title "u". Did you mean "t"? It has: t.')
  })

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it at once before anything has booted', async ([signal, exitCode]) => {
    const pipe = path.join(folder, 'pipe.lst')
    execFileSync('mkfifo', [pipe])
    // A writer that says nothing.
    const writer = fs.openSync(pipe, 'r+')
    const running = bootstandProcess(['boot', '--menu', pipe, '--root', folder])
    await expect.poll(() => openedBy(running.pid!, pipe)).toBe(true)
    running.kill(signal)
    expect(await running).toMatchObject({ exitCode })
    fs.closeSync(writer)
  })

  test('ends when its reader has gone away', async () => {
    writeProject(scenarioOf('rt-tick'))
    const line = `${command} boot mine | head -1`
    const env = { BOOTSTAND_RUNS: path.join(folder, 'runs') }
    const result = await execa('sh', ['-c', line], { cwd: folder, env, timeout: 100_000 })
    expect(result.stderr).toContain('The machine was switched off.')
    expect(emulators()).toEqual([])
  })

  test('ends by itself when the guest does', async () => {
    const running = bootstandProcess(['boot', 'faults/tripleFault', '--method', 'direct'])
    const result = await running
    expect(result.stderr).toContain('the guest reset itself by a triple fault')
    expect(result.exitCode).toBe(0)
  })
})
