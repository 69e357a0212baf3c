import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../../host/paths.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { everyRule } from '../../lint/every-rule.ts'
import { smallDisk } from '../../test-tools/small-disk.ts'

let folder: string

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-lint-')))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** Runs `bootstand lint` where the menus lie. */
const lint = async (words: readonly string[], cwd = folder) =>
  await execa(path.join(packageRoot, 'harness/cli/bootstand.mjs'), ['lint', ...words], {
    cwd,
    env: { NO_COLOR: '1' },
    reject: false,
    stdin: 'ignore',
  })

const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  fs.writeFileSync(path.join(folder, name), text, 'latin1')
}

const faulty = '# \xe4\ntitle t\nkernal /kickstart\nmodule /sigma0 # first\n'

test('findings are printed as a compiler does, with a summary and status 1', async () => {
  write('menu.lst', 'default 1\ntitle t\nkernal /x\nboot\n')
  const { stdout, exitCode } = await lint(['menu.lst'])
  expect(stdout).toMatchInlineSnapshot(`
    "menu.lst:1:9: error default-past-end: Expected the number of an entry, found default 1; the only entry is number 0.
        GRUB boots entry 0 without a word.
        Fix: Say default 0, which is what boots.
    menu.lst:3:1: error unknown-command: Expected a command of GRUB Legacy, found "kernal". Did you mean "kernel"?
        GRUB skips the line without a word; a module that is left out shifts all that follow.
        Fix: Replace "kernal" by "kernel".
    2 errors, 0 warnings in 1 menu; 2 can be mended by --fix"
  `)
  expect(exitCode).toBe(1)
})

test('a directory is searched; what is clean ends with status 0', async () => {
  write('a/menu.lst', 'title t\nboot\n')
  write('b/grub.conf', 'title t\nboot\n')
  write('c/other.lst', 'title t\nboot\n')
  write('c/other.txt', 'kernal\n')
  expect(await lint(['.'])).toMatchObject({
    exitCode: 0,
    stdout: '0 errors, 0 warnings in 3 menus',
  })
})

test('below a directory each menu is read once, and no link to a directory is followed', async () => {
  write('other/outside.lst', 'kernal\n')
  write('dir/grub.conf', 'title t\nboot\n')
  fs.symlinkSync('grub.conf', path.join(folder, 'dir/a.lst'))
  fs.symlinkSync('../other', path.join(folder, 'dir/linked'))
  fs.symlinkSync('../other', path.join(folder, 'dir/linked.lst'))
  expect(await lint(['dir'])).toMatchObject({
    exitCode: 0,
    stdout: '0 errors, 0 warnings in 1 menu',
  })
})

test('menus that cannot be read are named one by one; the others are linted', async () => {
  write('dir/menu.lst', 'title t\nkernal /k\n')
  fs.symlinkSync('nowhere', path.join(folder, 'dir/dangling.lst'))
  execFileSync('mkfifo', [path.join(folder, 'dir/pipe.lst')])
  const { stderr, stdout, exitCode } = await lint(['dir', '/dev/zero'])
  expect(stderr.split('\n').map((it) => it.slice(it.indexOf(' at ')))).toEqual([
    ' at "dir/dangling.lst", found a link to nowhere, where nothing is.',
    ' at "dir/pipe.lst", found a pipe from which nothing comes.',
    ' at "/dev/zero", found a device.',
  ])
  expect(stdout).toContain('dir/menu.lst:2:1: error unknown-command: ')
  expect(exitCode).toBe(2)
})

test('a scenario is linted with its own images, by its name or its file', async () => {
  expect(await lint(['pingpong'], packageRoot)).toMatchObject({
    exitCode: 0,
    stdout: '0 errors, 0 warnings in 1 menu',
  })
  const { stdout } = await lint(['scenarios/pistachio/pingpong.ts', '--memory', '16'], packageRoot)
  expect(stdout).toContain('pingpong/menu.lst:8:8: error kernel-memory: ')
})

test.for([
  ['direct', 'cd'],
  ['floppy', 'fd0'],
  ['network', 'hd0'],
] as const)(
  'the menu of a boot by %s names the drive %s, which the machine then has',
  async ([method, drive]) => {
    const words = ['pingpong', '--method', method]
    expect(await lint(words, packageRoot)).toMatchObject({ exitCode: 0 })
    const { stdout } = await lint([...words, '--drives', 'hd7'], packageRoot)
    expect(stdout).toContain(`Expected a drive of the machine (hd7), found ${drive}.`)
  },
)

test('files of the medium are looked into', async () => {
  write(
    'menu.lst',
    'title t\nkernel /kickstart\nmodule /ia32-kernel\nmodule /pingpong\nmodule /sigma0\n',
  )
  const { stdout } = await lint(['menu.lst', '--root', standInFolder])
  expect(stdout).toContain('menu.lst:4:8: error swapped-modules: ')
  await lint(['menu.lst', '--root', standInFolder, '--fix'])
  expect(await lint(['menu.lst', '--root', standInFolder])).toMatchObject({ exitCode: 0 })
})

test('each device may have a root of its own; what lies on none of them is not missed', async () => {
  const entry = 'root (hd0,0)\nkernel /linux\ninitrd (hd1,1)/initrd\nconfigfile (fd0)/menu.lst\n'
  write('menu.lst', `title both\n${entry}title back\nroot (hd1,1)\nkernel /linux\n`)
  write('system/linux', 'linux')
  write('spare/boot/initrd', 'initrd')
  const { stdout } = await lint(['menu.lst', '--root', 'hd1,1=spare', '--root', 'system'])
  expect(stdout.match(/^menu.lst.*/gm)).toEqual([
    expect.stringContaining('menu.lst:3:8: error not-multiboot: '),
    'menu.lst:4:8: error boot-prefix: Expected a path on the medium, found /initrd; the file is /boot/initrd there.',
    'menu.lst:8:8: error file-missing: Expected /linux on the medium, found no such file.',
  ])
})

test('--fix mends the file, leaves every other byte, and says what it did', async () => {
  write('menu.lst', faulty)
  const { stderr, stdout, exitCode } = await lint(['menu.lst', '--fix'])
  expect(stderr.split('\n')).toEqual([
    'menu.lst:3: fixed unknown-command: Replace "kernal" by "kernel".',
    'menu.lst:4: fixed trailing-comment: Remove the comment.',
  ])
  expect(stdout).toContain('missing-modules')
  expect(exitCode).toBe(1)
  expect(fs.readFileSync(path.join(folder, 'menu.lst'), 'latin1')).toBe(
    '# \xe4\ntitle t\nkernel /kickstart\nmodule /sigma0\n',
  )
})

test('--fix leaves a menu whole that a full disk has no room for, and says which were mended', async ({
  skip,
}) => {
  write('a.lst', faulty)
  const disk = path.join(folder, 'disk')
  fs.mkdirSync(disk)
  const unmount = smallDisk(disk, '4K')
  skip(unmount === undefined, 'only the superuser may mount a disk')
  try {
    write('disk/menu.lst', faulty)
    const { stderr, stdout, exitCode } = await lint(['a.lst', 'disk', '--fix'])
    expect(stderr.split('\n').slice(2)).toEqual([
      `bootstand: Cannot write ${disk}/menu.lst: no space is left on the device. It is as it was. Mended before it: a.lst.`,
    ])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
    expect(fs.readFileSync(path.join(disk, 'menu.lst'), 'latin1')).toBe(faulty)
    expect(fs.readdirSync(disk)).toEqual(['menu.lst'])
  } finally {
    unmount?.()
  }
})

test('--fix keeps a link and the mode of what it leads to', async () => {
  write('real/there.lst', faulty)
  fs.chmodSync(path.join(folder, 'real/there.lst'), 0o640)
  fs.symlinkSync('real/there.lst', path.join(folder, 'menu.lst'))
  await lint(['menu.lst', '--fix'])
  expect(fs.readlinkSync(path.join(folder, 'menu.lst'))).toBe('real/there.lst')
  expect(fs.readdirSync(path.join(folder, 'real'))).toEqual(['there.lst'])
  expect(fs.statSync(path.join(folder, 'real/there.lst')).mode & 0o777).toBe(0o640)
  expect(fs.readFileSync(path.join(folder, 'real/there.lst'), 'latin1')).toContain('kernel ')
})

test('--fix of a menu that may not be written is answered in a sentence', async ({ skip }) => {
  skip(process.getuid?.() === 0, 'the superuser may write everything')
  write('menu.lst', faulty)
  fs.chmodSync(path.join(folder, 'menu.lst'), 0o444)
  const { stderr, exitCode } = await lint(['menu.lst', '--fix'])
  expect(stderr).toBe(
    `bootstand: Cannot write ${folder}/menu.lst: permission is denied. It is as it was.`,
  )
  expect(exitCode).toBe(2)
})

test('a menu may come from a pipe, but one that nobody writes into is not waited for', async () => {
  execFileSync('mkfifo', [path.join(folder, 'pipe.lst')])
  const { stderr, exitCode } = await lint(['pipe.lst'])
  expect(stderr).toContain('at "pipe.lst", found a pipe from which nothing comes.')
  expect(exitCode).toBe(2)
  const bin = path.join(packageRoot, 'harness/cli/bootstand.mjs')
  const piped = await execa(
    'bash',
    ['-c', `${bin} lint --fix <(printf 'title t\\nkernal /k\\n')`],
    {
      reject: false,
    },
  )
  expect(piped).toMatchObject({ exitCode: 1 })
  expect(piped.stdout).toContain(':2:1: error unknown-command: ')
})

test('--json gives programs every finding', async () => {
  write('menu.lst', faulty)
  const { stdout } = await lint(['menu.lst', '--json'])
  expect(JSON.parse(stdout)).toMatchObject([
    {
      path: 'menu.lst',
      findings: [
        { rule: 'unknown-command', severity: 'error', line: 3, column: 1, length: 6 },
        { rule: 'module-before-kernel', line: 4 },
        { rule: 'trailing-comment', line: 4, column: 16, fix: 'Remove the comment.' },
      ],
    },
  ])
})

test('--sarif gives a document of version 2.1.0 whose results name its rules', async () => {
  write('a b.lst', faulty)
  const { stdout } = await lint(['a b.lst', '--sarif'])
  const sarif = JSON.parse(stdout)
  const [run] = sarif.runs
  expect(sarif.version).toBe('2.1.0')
  expect(run.tool.driver.rules).toHaveLength(everyRule.length)
  expect(run.results[0]).toMatchObject({
    ruleId: 'unknown-command',
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'a%20b.lst' },
          region: { startLine: 3, startColumn: 1 },
        },
      },
    ],
  })
  for (const { ruleId, ruleIndex } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
  }
})

test("a kernel's configuration is held to what its system's documents say", async () => {
  const config = 'CONFIG_L4_TAMED=y\nCONFIG_MODVERSIONS=y\nCONFIG_SERIAL_CONSOLE=y\n'
  write('.config', config)
  const { stdout, exitCode } = await lint(['.config'])
  expect(stdout).toMatchInlineSnapshot(`
    ".config:2:1: error config-modversions: Expected CONFIG_MODVERSIONS not to be set, found CONFIG_MODVERSIONS=y.
        L4Linux-2.4 is unable to compile with module version numbers.
    1 error, 0 warnings in 1 configuration"
  `)
  expect(exitCode).toBe(1)
  write('menu.lst', 'title t\nboot\n')
  const sarif = JSON.parse((await lint(['.config', 'menu.lst', '--sarif'])).stdout)
  const [run] = sarif.runs
  expect(run.results).toMatchObject([{ ruleId: 'config-modversions', level: 'error' }])
  expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe('config-modversions')
})

test('a configuration that does not show its system is named; the others are linted', async () => {
  write('config-6.1.0', 'CONFIG_SMP=y\n')
  write('menu.lst', 'title t\nkernal /k\n')
  const { stderr, stdout, exitCode } = await lint(['config-6.1.0', 'menu.lst'])
  expect(stderr).toBe(
    'bootstand: Expected the configuration of an L4Linux, openMosix or BProc at "config-6.1.0", found none of CONFIG_L4…, CONFIG_MOSIX and CONFIG_BPROC set. Say for which it is meant: --for l4linux-2.4, l4linux, openmosix, bproc.',
  )
  expect(stdout).toContain('menu.lst:2:1: error unknown-command: ')
  expect(exitCode).toBe(2)
  const told = await lint(['config-6.1.0', '--for', 'openmosix'])
  expect(told.stdout).toContain('config-6.1.0:1:1: error config-mosix-missing: ')
})

test('--rules prints each with why', async () => {
  const { stdout, exitCode } = await lint(['--rules'])
  expect(stdout).toBe(everyRule.map(({ id, why }) => `${id}\n    ${why}`).join('\n'))
  expect(exitCode).toBe(0)
})

test.for([
  [
    'a menu that is not there',
    ['gone.lst'],
    'Expected a menu, a configuration, a directory with menus or a scenario at "gone.lst", found no such file or directory. No scenario is called "gone.lst". There are: ',
  ],
  ['a directory without menus', ['.'], 'found no menu.lst, grub.conf or *.lst below it.'],
  [
    'a scenario that is not there',
    ['pingpnog'],
    'at "pingpnog", found no such file or directory. No scenario is called "pingpnog". Did you mean "pingpong"?',
  ],
  ['a root that is not there', ['menu', '--root', 'gone'], 'found nothing at gone.'],
  ['a method that is none', ['faults/tripleFault', '--method', 'cd'], 'Unknown boot method "cd".'],
  [
    'a device with two roots',
    ['menu', '--root', 'hd0,1=.', '--root', '(hd0,1)=.'],
    'Expected one --root for (hd0,1), found a second one: (hd0,1)=.',
  ],
  ['a memory that is no number', ['menu', '--memory', '64M'], 'found "64M".'],
  ['a drive that GRUB has not', ['menu', '--drives', 'foo,cd'], 'such as cd,hd0,fd0; found "foo".'],
  ['a system that has no rules', ['menu', '--for', 'l4linx'], 'Did you mean "l4linux"?'],
  [
    'a system for a menu',
    ['menu', '--for', 'bproc'],
    "--for goes with a kernel's configuration, and none was named.",
  ],
  ['more ports than PCs have', ['menu', '--ports', '9'], 'from 0 to 4 behind --ports, found "9".'],
  ['two forms at once', ['menu', '--json', '--sarif'], 'Expected --json or --sarif, found both.'],
  ['nothing at all', [], "Expected a menu, a directory, a scenario or a kernel's .config to lint."],
] as const)('%s is answered in a sentence, with status 2', async ([, words, sentence]) => {
  if (words[0] === 'menu') write('menu', 'title t\nboot\n')
  const { stderr, stdout, exitCode } = await lint(words)
  expect(stderr).toContain(sentence)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
})
