import fs from 'node:fs'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { packagesFolder } from '../host/paths.ts'
import { processesIn } from '../host/processes.ts'
import { fakeEmulator, pathWith, writePrograms } from '../test-tools/programs.ts'
import {
  bootstand,
  command,
  folder,
  runFolders,
  scenarioOf,
  useSandbox,
  writeProject,
} from '../test-tools/sandbox.ts'

useSandbox()

describe('what the host lacks is said, with status 3', () => {
  const lacking = async (
    PATH: string,
    words = ['run', 'pingpong', '--method', 'direct', '--retries', '0'],
  ) => {
    const result = await bootstand(words, { env: { PATH } })
    expect(result.all).not.toMatch(/^\s+at /m)
    expect(result.exitCode).toBe(3)
    return result.all
  }

  test('QEMU is missing', async () => {
    const bin = writePrograms(folder, {
      env: 'exec /usr/bin/env "$@"',
      node: `exec '${process.execPath}' "$@"`,
    })
    expect(await lacking(bin)).toContain(
      'bootstand: qemu-system-i386 (the emulator) is missing. `npx bootstand setup` gets it (Debian package qemu-system-x86).',
    )
  })

  test('a program that only some boot methods need stops only those', async () => {
    const env = { BOOTSTAND_PACKAGES: path.join(folder, 'packages') }
    const result = await bootstand(['run', 'pingpong', '--method', 'network'], { env })
    expect(result.exitCode).toBe(3)
    expect(result.all).toContain('`npx bootstand setup` gets it (Debian package grub-legacy).')
    const direct = await bootstand(['run', 'pingpong', '--method', 'direct'], { env })
    expect(direct.exitCode).toBe(0)
  })

  test('setup names such a program, and goes on', async ({ skip }) => {
    skip(fs.existsSync('/usr/lib/syslinux/memdisk'), 'syslinux-common is installed')
    const packages = path.join(folder, 'packages')
    fs.mkdirSync(packages)
    const grub = path.join(packages, 'grub-legacy')
    fs.symlinkSync(path.join(packagesFolder, 'grub-legacy'), grub)
    const PATH = pathWith(folder, { 'apt-get': 'exit 100' })
    const result = await bootstand(['setup'], {
      env: { PATH, BOOTSTAND_PACKAGES: packages },
    })
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toMatch(/apt-get could not download .*syslinux-common\. Run this line/)
    expect(result.stderr).toMatch(/Until then these do not work: .*--method network/)
  })

  test('QEMU is too old', async () => {
    const PATH = pathWith(folder, { 'qemu-system-i386': 'echo QEMU emulator version 2.8.1' })
    expect(await lacking(PATH)).toContain(
      'is version 2.8.1; expected 6.0 or newer. Install a newer qemu-system-x86.',
    )
  })

  // One waits while the other works.
  test('QEMU does not say that it has started, or refuses an option; --retries 0 tries once', async () => {
    const pathTo = (name: string, script: string) => {
      const place = path.join(folder, name)
      return pathWith(place, { 'qemu-system-i386': fakeEmulator(script) })
    }
    const refuses = 'echo "qemu-system-i386: -action: invalid option" >&2; exit 1'
    const [silent, refusing] = await Promise.all([
      lacking(pathTo('silent', 'exec sleep 60')),
      lacking(pathTo('refusing', refuses)),
    ])
    expect(silent).toContain('QEMU could not start: its monitor did not call within 10000 ms')
    expect(refusing).toContain(
      'QEMU could not start: it ended with status 1: qemu-system-i386: -action: invalid option',
    )
    expect(runFolders()).toHaveLength(2)
    expect(processesIn(folder)).toEqual([])
  })

  test.for([
    ['ulimit -n 24', 'ulimit -n'],
    ['ulimit -v 4000000', 'ulimit -v'],
    ['ulimit -f 0', 'ulimit -f'],
  ] as const)('%s is answered in one line', async ([limit, name]) => {
    // A new text: types that were found right are not checked again.
    writeProject(`${scenarioOf('rt-spin')}// ${randomUUID()}\n`)
    const script = `${limit}; exec '${process.execPath}' '${command}' list`
    const options = { cwd: folder, all: true, reject: false, timeout: 120_000 } as const
    const result = await execa('sh', ['-c', script], options)
    expect(result.exitCode).toBe(3)
    expect(result.all).toMatch(/^bootstand: .*\.$/)
    expect(result.all).toContain(name)
  })

  test('esbuild is killed', async () => {
    writeProject(`${scenarioOf('rt-spin')}// ${randomUUID()}\n`)
    const bin = writePrograms(folder, { esbuild: 'kill -9 $$' })
    const env = { ESBUILD_BINARY_PATH: path.join(bin, 'esbuild') }
    const result = await bootstand(['list'], { cwd: folder, env })
    expect(result.all).toMatch(/^bootstand: .*esbuild.*\.$/)
    expect(result.exitCode).toBe(3)
  })

  test('the run folder cannot be written', async () => {
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, '')
    const words = ['run', 'pingpong', '--retries', '0']
    const result = await bootstand(words, { env: { BOOTSTAND_RUNS: file } })
    expect(result.exitCode).toBe(3)
    expect(result.all).toContain(`Cannot write the run folder ${file}/`)
    expect(result.all).toContain('a part of the path is a file. Make room, or name another place')
  })
})

test.for(['a#b', 'a?b', 'a%25b', 'a\nb'])('a checkout in %j is refused', async (place) => {
  const copy = path.join(folder, place, 'harness/cli/bootstand.mjs')
  fs.mkdirSync(path.dirname(copy), { recursive: true })
  for (const name of ['bootstand.mjs', 'host-problem.mjs'])
    fs.copyFileSync(path.join(path.dirname(command), name), path.join(path.dirname(copy), name))
  const options = { all: true, reject: false, timeout: 60_000 } as const
  const result = await execa(process.execPath, [copy, 'list'], options)
  expect(result.exitCode).toBe(2)
  expect(result.all).toMatch(/^bootstand: Expected a checkout in .*\.$/)
})
