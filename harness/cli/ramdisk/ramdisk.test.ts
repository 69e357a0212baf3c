import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bootstand, folder, useSandbox } from '../../test-tools/sandbox.ts'
import { smallDisk } from '../../test-tools/small-disk.ts'

useSandbox()

const at = (name: string) => path.join(folder, name)

const ramdisk = async (...words: string[]) =>
  await bootstand(['ramdisk', ...words], { cwd: folder })

const write = (name: string, text: string, mode = 0o644) => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true })
  fs.writeFileSync(at(name), text, { mode })
}

const writeSources = () => {
  write('root/bin/sh', 'no program\n', 0o755)
  write('root/sbin/init', '#!/bin/sh\n', 0o755)
  write('root/etc/motd', 'Welcome\n')
  write('nodes', 'dev/console type=char mode=0600 device=native,5,1\netc/motd mode=0640 gid=5\n')
}

test('a ramdisk is built, listed, read and checked', async () => {
  writeSources()
  const built = await ramdisk('build', 'root', 'nodes', '--size', '100K', '--gzip', '-o', 'rd.gz')
  expect(built).toMatchObject({ exitCode: 0, stderr: '' })
  const lines = built.stdout.split('\n')
  expect(lines[0]).toMatch(/\/rd\.gz {2}\d{3,4} bytes \(ext2, 100\.0 KiB when unzipped\)$/)
  expect(lines[1]).toMatch(/^sha256 [0-9a-f]{64}$/)
  expect(lines[2]).toBe('For Linux: root=/dev/ram0 ramdisk_size=100')
  expect((await ramdisk('ls', 'rd.gz')).stdout).toMatchInlineSnapshot(`
    "drwxr-xr-x 0:0             - /
    drwxr-xr-x 0:0             - /bin
    -rwxr-xr-x 0:0            11 /bin/sh
    drwxr-xr-x 0:0             - /dev
    crw------- 0:0           5,1 /dev/console
    drwxr-xr-x 0:0             - /etc
    -rw-r----- 0:5             8 /etc/motd
    drwx------ 0:0             - /lost+found
    drwxr-xr-x 0:0             - /sbin
    -rwxr-xr-x 0:0            10 /sbin/init"
  `)
  expect(await ramdisk('cat', 'rd.gz', '/etc/motd')).toMatchObject({ stdout: 'Welcome' })
  const checked = await ramdisk('check', 'rd.gz')
  expect(checked).toMatchObject({ exitCode: 0, stderr: '' })
  expect(checked.stdout).toMatch(/^ {2}starts +\/sbin\/init\n {2}Linux needs +ramdisk_size=100$/m)
})

test('check names what is wrong, with status 1; programs get JSON', async () => {
  write('root/sbin/init', '#!/bin/bash\n')
  await ramdisk('build', 'root', '--size', '70K', '-o', 'rd')
  const result = await ramdisk('check', 'rd', '--ramdisk-size', '64', '--memory', '1', '--json')
  expect(result.exitCode).toBe(1)
  expect(JSON.parse(result.stdout)).toMatchObject({
    file: 'rd',
    format: 'ext2',
    isZipped: false,
    size: 71_680,
    init: '/sbin/init',
    ramdiskSize: 70,
    problems: [
      '/sbin/init is not executable (mode 644).',
      '/sbin/init cannot start: /sbin/init needs /bin/bash, which is not there.',
      expect.stringContaining('Expected /dev/console, found nothing.'),
      'Expected ramdisk_size=70 or more, found 64. Linux says "RAMDISK: image too big!" and panics.',
    ],
  })
  const four = await ramdisk('check', 'rd', '--ramdisk-size', '65536', '--memory', '128')
  expect(four.stdout).toContain(
    'problem: 4 ramdisks of 65536 KiB take 262144 KiB, and the machine has 131072.',
  )
})

test('an existing output is replaced, and a link to it stays one', async () => {
  writeSources()
  write('old', 'old', 0o600)
  fs.symlinkSync('old', at('link'))
  expect(await ramdisk('build', 'root', '--format', 'newc', '-o', 'link')).toMatchObject({
    exitCode: 0,
  })
  expect(fs.readlinkSync(at('link'))).toBe('old')
  expect(fs.readFileSync(at('old'), 'latin1')).toMatch(/^070701/)
  expect(fs.statSync(at('old')).mode & 0o777).toBe(0o600)
})

test('a full disk leaves what was there, with status 3', async ({ skip }) => {
  writeSources()
  fs.mkdirSync(at('disk'))
  const unmount = smallDisk(at('disk'), '64K')
  skip(unmount === undefined, 'only the superuser may mount a disk')
  try {
    write('disk/rd', 'old')
    const result = await ramdisk('build', 'root', '--size', '1M', '-o', 'disk/rd')
    expect(result).toMatchObject({ exitCode: 3, stdout: '' })
    expect(result.stderr).toBe(
      `bootstand: Cannot write ${at('disk/rd')}: no space is left on the device. Name another place.`,
    )
    expect(fs.readFileSync(at('disk/rd'), 'latin1')).toBe('old')
    expect(fs.readdirSync(at('disk'))).toEqual(['rd'])
  } finally {
    unmount?.()
  }
})

test.for([
  [
    ['build', 'gone', '-o', 'x'],
    'Expected a directory or a manifest (mtree(5)) at gone, found nothing.',
  ],
  [['build', 'root', '-o', 'pipe'], 'Expected a file to write at pipe, found a pipe.'],
  [
    ['build', 'root', '-o', 'gone/x'],
    '/gone/x: its folder is not there. Name another place with -o FILE.',
  ],
  [
    ['build', 'root', '-o', 'x', '--format', 'cpio'],
    'Unknown format "cpio". Expected one of: ext2, newc.',
  ],
  [
    ['build', 'root', '-o', 'x', '--format', 'newc', '--size', '1M'],
    '--size goes with --format ext2',
  ],
  [['build', 'root', '-o', 'x', '--size', '10'], 'Expected a size from 64K to 2G behind --size'],
  [['build', 'root', '-o', 'x', '--margin', 'some'], 'Expected whole percents behind --margin'],
  [
    ['check', 'root', '--memory', '1G'],
    'Expected a whole number of MiB from 1 to 999999999 behind --memory, found "1G".',
  ],
  [['cat', 'rd', '/etc/mtod'], 'rd has no /etc/mtod. Did you mean "etc/motd"?'],
  [['cat', 'rd', '/etc'], 'Expected a regular file at /etc in rd, found a directory.'],
] as const)('%s is answered in a sentence, with status 2', async ([words, sentence]) => {
  writeSources()
  execFileSync('mkfifo', [at('pipe')])
  if (words.includes('rd' as never)) await ramdisk('build', 'root', '-o', 'rd')
  const result = await ramdisk(...words)
  expect(result.stderr).toContain(sentence)
  expect(result).toMatchObject({ exitCode: 2, stdout: '' })
  expect(fs.existsSync(at('x'))).toBe(false)
})
