import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { checkRamdisk } from './check-ramdisk.ts'
import { openRamdisk } from './open-ramdisk.ts'

const hostile = (name: string) => path.join(packageRoot, 'fixtures/hostile', name)

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-hostile-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => path.join(folder, name)

/** Returns the text of a file in a ramdisk. */
const textOf = async (file: string, name: string) => {
  await using ramdisk = await openRamdisk(file)
  return ramdisk.read(ramdisk.tree.get(name)!).toString('latin1')
}

test('a file of an archive is not an option of the program that reads it', async () => {
  const file = hostile('cpio/init-is-an-option')
  const before = fs.readdirSync('/')
  const { problems } = await checkRamdisk(file)
  expect(problems).toEqual([expect.stringContaining('needs /bin/sh')])
  expect(await textOf(file, '--use-compress-program=touch bootstand-was-here;cat')).toBe(
    '#!/bin/sh\n',
  )
  expect(fs.readdirSync('/')).toEqual(before)
})

test('a file of an archive is not a list of files of the host', async () => {
  const file = hostile('cpio/init-is-a-list-of-files')
  expect(await textOf(file, '-T/etc/passwd')).toBe('mine\n')
})

test('files of an archive are read by their place, whatever they are called', async () => {
  await using ramdisk = await openRamdisk(hostile('cpio/odd-names'))
  const { tree, read } = ramdisk
  const odd = [...tree.values()].filter((it) => !/^(?:init|bin|bin\/sh)$/.test(it.path))
  expect(odd).toHaveLength(12)
  // Each has its name as stored for its bytes.
  for (const it of odd)
    expect(path.posix.join('/', read(it).toString('latin1'), '.')).toBe(`/${it.path}`)
})

test('names of an ext2 file system cannot forge others', async () => {
  await using ramdisk = await openRamdisk(hostile('ext2/names-with-newlines'))
  const names = [...ramdisk.tree.keys()]
  expect(names).toContain('x\ndebugfs:')
  expect(names).toContain('q"uote')
  expect(names.filter((it) => it.includes('forged'))).toEqual([])
  expect(ramdisk.tree.get('link')).toMatchObject({ target: 'a\nb' })
  expect(ramdisk.read(ramdisk.tree.get('sbin/init')!).toString()).toBe('#!/bin/sh\n')
})

test('a file system whose directories lead back into themselves is listed once', async () => {
  await using ramdisk = await openRamdisk(hostile('ext2/directory-in-itself'))
  expect(ramdisk.tree.size).toBeLessThan(20)
})

test.for([
  'cpio/claims-4-gib',
  'cpio/name-of-4-gib',
  'cpio/link-of-64-kib',
  'cpio/negative-numbers',
  'ext2/file-of-terabytes',
  'ext2/directory-of-terabytes',
  'ext2/huge-numbers',
])('%s is rejected', async (name) => {
  await expect(checkRamdisk(hostile(name))).rejects.toMatchObject({ code: 'BOOTSTAND_RAMDISK' })
})

test.for(['gzip', 'zstd'] as const)(
  '%s that unpacks to more than 256 MiB is rejected',
  async (program) => {
    if (program === 'gzip') {
      // A gzip file may have several members.
      const member = gzipSync(Buffer.alloc(1024 ** 2))
      fs.writeFileSync(at('bomb'), Buffer.concat(Array.from({ length: 257 }, () => member)))
    } else fs.copyFileSync(hostile('gzip/300-mb-of-zeros.zst'), at('bomb'))
    await expect(openRamdisk(at('bomb'))).rejects.toMatchObject({ code: 'BOOTSTAND_UNPACKED' })
  },
)

test('archives that follow each other are one, as Linux unpacks them', async () => {
  const archive = (name: string) => {
    fs.mkdirSync(at('root'))
    fs.writeFileSync(at(`root/${name}`), name)
    const packed = execFileSync('bsdtar', ['-C', at('root'), '-c', '--format=newc', '.'])
    fs.rmSync(at('root'), { recursive: true })
    return packed
  }
  const [microcode, init] = [archive('microcode'), archive('init')]
  for (const rest of [init, gzipSync(init)]) {
    fs.writeFileSync(at('both'), Buffer.concat([microcode, Buffer.alloc(512), rest]))
    expect(await textOf(at('both'), 'microcode')).toBe('microcode')
    expect(await textOf(at('both'), 'init')).toBe('init')
  }
})

test.for(['xz', 'bzip2'] as const)('an archive that %s has packed is unpacked', async (program) => {
  fs.mkdirSync(at('root'))
  fs.writeFileSync(at('root/init'), '#!/bin/sh\n')
  const option = { xz: '-J', bzip2: '-j' }[program]
  execFileSync('bsdtar', [
    ...['-C', at('root'), '-c', option, '--format=newc'],
    '-f',
    at('it'),
    '.',
  ])
  expect(await textOf(at('it'), 'init')).toBe('#!/bin/sh\n')
})

test('another form of cpio, which Linux does not unpack, is rejected', async () => {
  fs.writeFileSync(at('init'), '#!/bin/sh\n')
  execFileSync('bsdtar', ['-C', folder, '-c', '--format=odc', '-f', at('odc'), 'init'])
  await expect(openRamdisk(at('odc'))).rejects.toThrow('cpio -H newc')
})
