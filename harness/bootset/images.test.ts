import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import type { BootSet } from './boot-set.ts'
import { findImages } from './images.ts'

const names = ['kickstart', 'ia32-kernel', 'sigma0', 'pingpong']
let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-images-'))
  for (const name of names) copy(name, name)
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

const copy = (name: string, target: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, target)), { recursive: true })
  fs.copyFileSync(path.join(standInFolder, name), path.join(folder, target))
}
const write = (name: string, bytes: string | Buffer) =>
  fs.writeFileSync(path.join(folder, name), bytes)
const standIn = (name: string) => fs.readFileSync(path.join(standInFolder, name))

const elf = { arguments: '', format: 'elf32-i386' } as const
const bootSet: BootSet = {
  kernel: { role: 'kickstart', names: ['kickstart'], arguments: '', format: 'multiboot' },
  modules: [
    { role: 'kernel', names: ['ia32-kernel', 'x86-kernel'], ...elf },
    { role: 'sigma0', names: ['sigma0'], ...elf },
    { role: 'root task', names: ['pingpong'], ...elf },
  ],
}

/** The message, without this test's folder and what Node says of a gzip file. */
const complaint = async () => {
  const error: unknown = await findImages(bootSet, folder).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ culprit: 'bootset', exitStatus: 2 })
  return (error as Error).message.replaceAll(folder, 'DIR')
}

test('finds the files in order, with sizes and hashes', async () => {
  const { kernel, modules } = await findImages(bootSet, folder)
  expect([kernel, ...modules].map((it) => it.name)).toEqual(names)
  expect(kernel.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(kernel.size).toBe(standIn('kickstart').length)
})

test('finds them as Pistachio installs them, under another name, gzipped', async () => {
  for (const name of names) fs.rmSync(path.join(folder, name))
  copy('kickstart', 'libexec/l4/kickstart')
  copy('ia32-kernel', 'libexec/l4/x86-kernel')
  copy('sigma0', 'libexec/l4/sigma0')
  fs.writeFileSync(path.join(folder, 'libexec/l4/pingpong.gz'), gzipSync(standIn('pingpong')))
  const { modules } = await findImages(bootSet, folder)
  expect(modules.map((it) => it.name)).toEqual(['x86-kernel', 'sigma0', 'pingpong'])
  expect(modules[2]!.bytes.equals(standIn('pingpong'))).toBe(true)
})

test('a missing file is named, with the names that were tried', async () => {
  fs.rmSync(path.join(folder, 'sigma0'))
  expect(await complaint()).toBe(
    'No sigma0 in DIR: tried sigma0, sigma0.gz, there and in libexec/l4 below it. ' +
      'Put the file there, or name another directory with --images DIR.',
  )
})

test('everything that is wrong is said at once', async () => {
  fs.rmSync(path.join(folder, 'sigma0'))
  fs.rmSync(path.join(folder, 'ia32-kernel'))
  expect((await complaint()).split('\n')).toEqual([
    expect.stringContaining('No kernel in DIR: tried ia32-kernel, ia32-kernel.gz, x86-kernel'),
    expect.stringContaining('No sigma0 in DIR'),
  ])
})

test('a text file is no root task', async () => {
  write('pingpong', 'not a program\n')
  expect(await complaint()).toBe(
    'The root task DIR/pingpong is no ELF file: it begins with "not a program␊". ' +
      'Build it for i386, or name another directory.',
  )
})

test('an empty file is no root task', async () => {
  write('pingpong', '')
  expect(await complaint()).toContain('is no ELF file: it is empty')
})

test('a 64-bit program is no root task', async () => {
  fs.copyFileSync(process.execPath, path.join(folder, 'pingpong'))
  expect(await complaint()).toContain(
    'is a 64-bit ELF; expected a 32-bit ELF for i386 (machine 3). Build it for i386.',
  )
})

test('a file that is cut off is found out', async () => {
  write('pingpong', standIn('pingpong').subarray(0, 5_000))
  expect(await complaint()).toMatch(/is cut off: its headers need \d+ bytes, it has 5000\. Copy/)
})

test('a directory is no file', async () => {
  fs.rmSync(path.join(folder, 'pingpong'))
  fs.mkdirSync(path.join(folder, 'pingpong'))
  expect(await complaint()).toBe('Expected the root task at DIR/pingpong, found a directory.')
})

test('a FIFO is no file', async () => {
  fs.rmSync(path.join(folder, 'pingpong'))
  execFileSync('mkfifo', [path.join(folder, 'pingpong')])
  expect(await complaint()).toBe('Expected the root task at DIR/pingpong, found a FIFO.')
})

test('a file without permission is named', async ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may read every file')
  fs.chmodSync(path.join(folder, 'pingpong'), 0)
  expect(await complaint()).toContain('found a file that you may not read')
})

test('a damaged gzip file is found out', async () => {
  fs.rmSync(path.join(folder, 'pingpong'))
  write('pingpong.gz', gzipSync(standIn('pingpong')).subarray(0, 3_000))
  expect(await complaint()).toContain('is a damaged gzip file')
})

test('what GRUB starts needs a multiboot header', async () => {
  copy('pingpong', 'kickstart')
  expect(await complaint()).toContain('has no multiboot header in its first 8192 bytes')
})

test('a directory that is not there is named', async () => {
  const wrong = path.join(folder, 'nowhere')
  await expect(findImages(bootSet, wrong)).rejects.toThrow(
    `Expected a directory with boot images at ${wrong}, found nothing.`,
  )
})
