import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packageRoot, packagesFolder } from '../host/paths.ts'
import { standInFolder } from '../host/stand-ins.ts'
import type { Results } from '../report/results.ts'
import { processesIn } from '../testing/processes.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-cli-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Surroundings {
  readonly cwd?: string
  readonly env?: Record<string, string>
}

/** Runs the command as a user does. */
const bootstand = async (words: readonly string[], { cwd, env }: Surroundings = {}) =>
  await execa(path.join(packageRoot, 'harness/cli/bootstand.mjs'), words, {
    cwd: cwd ?? packageRoot,
    env: { BOOTSTAND_RUNS: path.join(folder, 'runs'), NO_COLOR: '1', ...env },
    reject: false,
    stdin: 'ignore',
    all: true,
  })

const runFolders = () =>
  fs.existsSync(path.join(folder, 'runs')) ? fs.readdirSync(path.join(folder, 'runs')) : []

describe('run', () => {
  test('shows phases, a table, the outcome and the run folder', async () => {
    const result = await bootstand(['run', 'pingpong', '--method', 'direct'])
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
      ...['qmp.jsonl', 'verdict.json'],
    ])
  })

  test('a text that does not come fails the test, with what came instead', async () => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-ud2' })\n`,
      `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrint('Pingpong started')
})
`,
    )
    const result = await bootstand(['run', 'mine', '--method', 'direct'], { cwd: folder })
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toContain(
      '  herc did not print "Pingpong started": the kernel debugger was entered: "KD# invalid opcode" (waited ',
    )
    expect(result.stdout).toContain('    | --- "KD# invalid opcode" ---\n')
    expect(result.stdout).toMatch(/^ {2}outcome {5}stopped \(culprit: guest\)$/m)
    expect(result.stdout).toContain('\n  scenarios/mine.test.ts:5\n')
    expect(result.stdout).toContain('0 passed, 1 failed, 0 skipped')
  })

  test('a wait that nobody awaits fails the test', async () => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-spin' })\n`,
      `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => {
  const target = await boot(mine)
  void expect(target.herc).toPrint('never')
})
`,
    )
    const result = await bootstand(['run', 'mine', '--method', 'direct'], { cwd: folder })
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toContain(
      'The test ended while a console was still waiting for "never". Write `await` before that wait.',
    )
    expect(result.stdout).toContain('0 passed, 1 failed, 0 skipped')
  })

  test('what GRUB echoes is not taken for the guest', async () => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-tick' })\n`,
      `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('ticks', async ({ boot }) => {
  const target = await boot(mine)
  const match = await target.herc.waitFor('tick')
  expect(match.line).toMatch(/^tick \\d+$/)
})
`,
    )
    const result = await bootstand(['run', 'mine', '--method', 'iso'], { cwd: folder })
    expect(result.stdout).toContain('1 passed, 0 failed, 0 skipped')
  })

  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s to everything of it ends in order too',
    async (signal) => {
      writeProject(
        `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-spin' })\n`,
        waits,
      )
      const running = bootstandProcess(['run', 'mine', '--method', 'direct'], folder, {
        detached: true,
      })
      await output(running, '  loader')
      process.kill(-running.pid!, signal)
      await running
      await expect.poll(() => emulatorsIn(folder)).toEqual([])
      const [run] = runFolders()
      await expect
        .poll(() => fs.readdirSync(path.join(folder, 'runs', run!)))
        .toContain('verdict.json')
      expect(fs.readdirSync(path.join(folder, 'runs', run!))).not.toContain('herc.in')
    },
  )

  test('ends in order when it is interrupted', async () => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-spin' })\n`,
      waits,
    )
    const running = bootstandProcess(['run', 'mine', '--method', 'direct'], folder)
    await output(running, '  loader')
    running.kill('SIGINT')
    const result = await running
    expect(result.exitCode).toBe(130)
    expect(result.stderr).toContain('Interrupted by SIGINT during mine › waits (in phase ')
    const [run] = runFolders()
    const files = fs.readdirSync(path.join(folder, 'runs', run!))
    expect(files).toContain('verdict.json')
    expect(files.filter((file) => /\.(?:in|sock)$/.test(file))).toEqual([])
  })

  test.for([
    ['boot', ['boot', 'mine'], 'KickStart'],
    ['run', ['run', 'mine'], '  loader'],
  ] as const)('%s takes its QEMU along when it is killed', async ([, words, sign]) => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-spin' })\n`,
      waits,
    )
    const running = bootstandProcess([...words, '--method', 'direct'], folder)
    await output(running, sign)
    expect(emulatorsIn(folder)).toHaveLength(1)
    running.kill('SIGKILL')
    await running
    await expect.poll(() => emulatorsIn(folder), { timeout: 1_000 }).toEqual([])
  })
})

const bootstandProcess = (words: readonly string[], cwd = packageRoot, { detached = false } = {}) =>
  execa(path.join(packageRoot, 'harness/cli/bootstand.mjs'), words, {
    cwd,
    env: { BOOTSTAND_RUNS: path.join(folder, 'runs'), NO_COLOR: '1' },
    reject: false,
    stdin: 'pipe',
    detached,
  })

/** What works in the run folders is QEMU and nothing else. */
const emulatorsIn = (place: string) => processesIn(path.join(place, 'runs'))

/** Waits until a process has written some text to its standard output. */
const output = async (running: ReturnType<typeof bootstandProcess>, text: string) => {
  let seen = ''
  await new Promise<void>((resolve, reject) => {
    running.stdout.on('data', (bytes: Buffer) => {
      seen += bytes.toString('latin1')
      if (seen.includes(text)) resolve()
    })
    running.stdout.once('end', () => reject(new Error(`ended without ${text}: ${seen}`)))
  })
}

const waits = `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('waits', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrint('never')
})
`

/** A project of the user's, with one scenario, outside of the checkout. */
const writeProject = (text: string, testText = '') => {
  fs.mkdirSync(path.join(folder, 'scenarios'))
  // As in an installed project: the package is found by its name.
  fs.mkdirSync(path.join(folder, 'node_modules'))
  fs.symlinkSync(packageRoot, path.join(folder, 'node_modules/bootstand'))
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  fs.writeFileSync(path.join(folder, 'scenarios/mine.ts'), text)
  fs.writeFileSync(path.join(folder, 'scenarios/mine.test.ts'), testText)
}

test('scenarios are found by name, with their folder, and by path', async () => {
  const names = ['pingpong', 'pistachio/pingpong', 'scenarios/pistachio/pingpong.test.ts']
  const result = await bootstand(['run', ...names, '--method', 'direct'])
  expect(result.stdout).toContain('1 passed, 0 failed, 0 skipped')
})

test('what a test prints is shown', async () => {
  writeProject(
    `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-spin' })\n`,
    `import { test } from 'bootstand/testing'\ntest('talks', () => { console.log('from the test') })\n`,
  )
  const result = await bootstand(['run', 'mine'], { cwd: folder })
  expect(result.stdout).toContain('from the test\n')
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

  test('ends when its reader has gone away', async () => {
    writeProject(
      `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'rt-tick' })\n`,
    )
    const line = `${path.join(packageRoot, 'harness/cli/bootstand.mjs')} boot mine | head -1`
    const env = { BOOTSTAND_RUNS: path.join(folder, 'runs') }
    const result = await execa('sh', ['-c', line], { cwd: folder, env, timeout: 20_000 })
    expect(result.stderr).toContain('The machine was switched off.')
    expect(emulatorsIn(folder)).toEqual([])
  })

  test('ends by itself when the guest does', async () => {
    const running = bootstandProcess(['boot', 'faults/tripleFault', '--method', 'direct'])
    const result = await running
    expect(result.stderr).toContain('the guest reset itself by a triple fault')
    expect(result.exitCode).toBe(0)
  })
})

describe('build', () => {
  test('writes an image that boots, and says how to use it', async () => {
    const file = path.join(folder, 'pingpong.img')
    const built = await bootstand([
      'build',
      'pingpong',
      '--medium',
      'disk',
      '--fs',
      'fat',
      '-o',
      file,
    ])
    expect(built.exitCode).toBe(0)
    const sha256 = createHash('sha256').update(fs.readFileSync(file)).digest('hex')
    const [first, second, third, fourth] = built.stdout.split('\n')
    expect(first).toBe(`${file}  ${fs.statSync(file).size} bytes (stand-in guests)`)
    expect(second).toBe(`sha256 ${sha256}`)
    expect(third).toBe(
      `To a USB stick or disk, all of which it overwrites: sudo dd if=${file} of=/dev/sdX bs=1M conv=fsync`,
    )
    expect(fourth).toMatch(/^In an emulator: qemu-system-i386 .* -drive file=\S+,if=ide -boot c$/)
    const running = bootstandProcess(['boot', '--disk', file, '--memory', '32'])
    await output(running, 's: print SQLite table')
    running.stdin.write('\x1d')
    const result = await running
    expect(result.stderr).toContain(`${file} (never written), console com1. Ctrl-] leaves.`)
    expect(result.exitCode).toBe(0)
  })

  test('gives programs one JSON document', async () => {
    const file = path.join(folder, 'pingpong.iso')
    const { stdout } = await bootstand(['build', 'pingpong', '-o', file, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      file,
      size: fs.statSync(file).size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      notes: [],
      line: expect.stringContaining(`-drive file=${file},format=raw,media=cdrom,readonly=on`),
    })
  })
})

describe('list, show and doctor', () => {
  test('list names every scenario', async () => {
    const { stdout } = await bootstand(['list'])
    expect(stdout).toMatch(
      /^pingpong +L4Ka::Pistachio pingpong +scenarios\/pistachio\/pingpong\.ts$/m,
    )
  })

  test('show gives a line that boots when it is pasted', async () => {
    const { stdout } = await bootstand(['show', 'pingpong', '--json'])
    const shown = JSON.parse(stdout) as { readonly line: string; readonly menu: string }
    expect(shown.menu).toContain('module /ia32-kernel\nmodule /sigma0\nmodule /pingpong\n')
    const pasted = execa('sh', ['-c', shown.line], { reject: false, stdin: 'pipe' })
    for await (const line of pasted.iterable()) {
      // Ctrl-A X, as a person leaves.
      if (line.includes('s: print SQLite table')) pasted.stdin.write('\x01x')
    }
    expect((await pasted).exitCode).toBe(0)
  })

  test('doctor names every outside program and a usable accelerator', async () => {
    const result = await bootstand(['doctor'])
    expect(result.stdout).toMatch(/^✓ qemu-system-i386 +\d+\.\d+\S* +\//m)
    expect(result.stdout).toMatch(/^✓ accelerator tcg +a guest prints after .*; used$/m)
    expect(result.exitCode).toBe(0)
  })
})

describe('a wrong command line or file is answered in a sentence, with status 2', () => {
  const wrong = async (words: readonly string[], surroundings?: Surroundings) => {
    const result = await bootstand(words, surroundings)
    expect(result.all).not.toMatch(/^\s+at /m)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(runFolders()).toEqual([])
    return result.stderr
  }

  test('an unknown verb', async () => {
    expect(await wrong(['shwo'])).toContain("error: unknown command 'shwo'\n(Did you mean show?)")
  })

  test('an unknown option', async () => {
    expect(await wrong(['run', '--jsno'])).toContain('(Did you mean --json?)')
  })

  test('a misspelt scenario', async () => {
    expect(await wrong(['run', 'pingpnog'])).toContain(
      'bootstand: No scenario is called "pingpnog". Did you mean "pingpong"? There are: ',
    )
  })

  test('a scenario of a file that has several', async () => {
    expect(await wrong(['run', 'faults/spin'])).toContain(
      '"faults/spin" names no scenario file. faults is one: its tests run together.',
    )
    expect(await wrong(['show', 'faults/spinn'])).toContain('Did you mean "faults/spin"?')
  })

  test('an unknown boot method', async () => {
    expect(await wrong(['run', 'pingpong', '--method', 'isso'])).toBe(
      'bootstand: Unknown boot method "isso". Expected one of: direct, iso, floppy, disk, network. Did you mean "iso"?',
    )
  })

  test.for([
    [['build', 'pingpong'], "required option '-o, --output <file>' not specified"],
    [
      ['build', 'pingpong', '-o', 'x', '--medium', 'direct'],
      '"direct" cannot be written to a file',
    ],
    [['build', 'pingpong', '-o', 'x', '--medium', 'network'], '"network" cannot be written to a'],
    [
      ['build', 'pingpong', '-o', 'x', '--medium', 'cd'],
      'Unknown medium "cd". Expected one of: iso',
    ],
    [['build', 'pingpong', '-o', 'x', '--fs', 'fat'], '--fs goes with --medium disk, not iso.'],
    [['build', 'pingpong', '-o', '/'], 'Expected a file to write at /, found a directory.'],
    [['build', 'pingpong', '-o', '/dev/null'], 'write at /dev/null, found a device.'],
    [['build', 'pingpong', '-o', '/nowhere/x'], 'Cannot write /nowhere/x (ENOENT).'],
    [['boot'], 'Name a scenario, or a finished disk with --disk FILE.'],
    [['boot', 'pingpong', '--disk', 'x'], 'Expected a scenario or --disk FILE, found both'],
    [['boot', 'pingpong', '--memory', '32'], '--memory goes with --disk'],
    [['boot', '--disk', 'x', '--memory', '1G'], 'Expected --memory in MiB, 1 to 3584; found "1G".'],
    [['boot', '--disk', 'package.json'], 'has no boot sector (55 AA at byte 510) and is no ISO'],
  ] as const)('%s', async ([words, sentence]) => {
    expect(await wrong(words)).toContain(sentence)
  })

  test('an images directory without sigma0', async () => {
    for (const name of ['kickstart', 'ia32-kernel', 'pingpong']) {
      fs.copyFileSync(path.join(standInFolder, name), path.join(folder, name))
    }
    expect(await wrong(['run', 'pingpong', '--images', folder])).toContain(
      `bootstand: No sigma0 in ${folder}: tried sigma0, sigma0.gz`,
    )
  })

  describe('a scenario file of the user', () => {
    const mine = async () => await wrong(['run', 'mine'], { cwd: folder })

    test('with a type error', async () => {
      writeProject(
        `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTsk: 'pingpong' })\n`,
      )
      const message = await mine()
      expect(message).toContain('type check of the scenario files failed; nothing was booted.')
      expect(message).toMatch(
        /scenarios\/mine\.ts\(2,\d+\): error TS2561: .*'rootTsk'.*Did you mean to write 'rootTask'\?/,
      )
    })

    test('with a matcher that does not exist', async () => {
      writeProject(
        `import { pistachio } from 'bootstand'\nexport default pistachio({ rootTask: 'pingpong' })\n`,
        `import { expect, test } from 'bootstand/testing'
import mine from './mine.ts'
test('prints', async ({ boot }) => {
  const target = await boot(mine)
  await expect(target.herc).toPrnt('x')
})
`,
      )
      expect(await mine()).toMatch(/mine\.test\.ts\(5,\d+\): error TS\d+: .*'toPrnt'.*/)
    })

    test('with a value that no type can refuse', async () => {
      writeProject(`import { pistachio } from 'bootstand'
export default pistachio({ rootTask: 'pingpong', memory: -1 })
`)
      expect(await mine()).toContain('pistachio(…) was given options that it cannot take')
    })

    test('with a file name that GRUB would cut', async () => {
      writeProject(`import { pistachio } from 'bootstand'
export default pistachio({ rootTask: 'my task' })
`)
      expect(await mine()).toContain('expected the name of a file, without blanks or slashes')
    })

    test('that exports nothing', async () => {
      writeProject(`export const nothing = 1\n`)
      expect(await mine()).toContain('scenarios/mine.ts exports no scenario.')
    })
  })
})

describe('what the host lacks is said, with status 3', () => {
  /** A PATH in which some programs are replaced or, given nothing, taken away. */
  const pathWith = (programs: Record<string, string>) => {
    const bin = path.join(folder, 'bin')
    fs.mkdirSync(bin)
    for (const [name, script] of Object.entries(programs)) {
      fs.writeFileSync(path.join(bin, name), script, { mode: 0o755 })
    }
    return bin
  }
  const lacking = async (PATH: string, words = ['run', 'pingpong', '--method', 'direct']) => {
    const result = await bootstand(words, { env: { PATH } })
    expect(result.all).not.toMatch(/^\s+at /m)
    expect(result.exitCode).toBe(3)
    return result.all
  }

  test('QEMU is missing', async () => {
    const bin = pathWith({ env: `#!/bin/sh\nexec /usr/bin/env "$@"\n` })
    fs.symlinkSync(process.execPath, path.join(bin, 'node'))
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
    const bin = pathWith({ 'apt-get': '#!/bin/sh\nexit 100\n' })
    const result = await bootstand(['setup'], {
      env: { PATH: `${bin}:${process.env['PATH']}`, BOOTSTAND_PACKAGES: packages },
    })
    expect(result.exitCode).toBe(0)
    expect(result.stderr).toMatch(/apt-get could not download .*syslinux-common\. Run this line/)
    expect(result.stderr).toMatch(/Until then these boot methods do not work: .*network/)
  })

  test('QEMU is too old', async () => {
    const bin = pathWith({ 'qemu-system-i386': '#!/bin/sh\necho QEMU emulator version 2.8.1\n' })
    expect(await lacking(`${bin}:${process.env['PATH']}`)).toContain(
      'is version 2.8.1; expected 6.0 or newer. Install a newer qemu-system-x86.',
    )
  })

  test('QEMU dies before it can be asked', async () => {
    const bin = pathWith({
      'qemu-system-i386': `#!/bin/sh
[ "$1" = --version ] && exec echo QEMU emulator version 7.2.22
exec sleep 60
`,
    })
    const PATH = `${bin}:${process.env['PATH']}`
    expect(await lacking(PATH)).toContain(
      'QEMU could not start: its monitor did not call within 10000 ms',
    )
    expect(processesIn(folder)).toEqual([])
  })

  test('QEMU refuses an option', async () => {
    const bin = pathWith({
      'qemu-system-i386': `#!/bin/sh
[ "$1" = --version ] && exec echo QEMU emulator version 7.2.22
echo "qemu-system-i386: -action: invalid option" >&2
exit 1
`,
    })
    const words = await lacking(`${bin}:${process.env['PATH']}`)
    expect(words).toContain(
      'QEMU could not start: it ended with status 1: qemu-system-i386: -action: invalid option',
    )
  })

  test('no run folder can be made', async () => {
    const result = await bootstand(['run', 'pingpong'], { env: { BOOTSTAND_RUNS: '/proc/x' } })
    expect(result.exitCode).toBe(3)
    expect(result.all).toContain('Cannot write the run folder /proc/x/')
  })

  test('the run folder cannot be written', async () => {
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, '')
    const result = await bootstand(['run', 'pingpong'], { env: { BOOTSTAND_RUNS: file } })
    expect(result.exitCode).toBe(3)
    expect(result.all).toContain(`Cannot write the run folder ${file}/`)
    expect(result.all).toContain('a part of the path is a file. Make room, or name another place')
  })
})
