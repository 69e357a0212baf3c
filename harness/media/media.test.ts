import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { menuOf } from '../bootset/entry.ts'
import { findImages, imageList, type Image, type Images } from '../bootset/images.ts'
import { pistachio } from '../boot/pistachio.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { buildMedium, parseBootMethod } from './build.ts'
import { writeDisk } from './disk.ts'
import { makeFit } from './fit.ts'
import { writeFloppy } from './floppy.ts'
import { writeIso } from './iso.ts'
import { grubRoots, type BootMethod } from './medium.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-media test-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

const scenario = pistachio({ rootTask: 'pingpong' })
const standIns = async () => await findImages(scenario.bootSet, standInFolder)

const build = async (method: BootMethod, images: Images, name = method) => {
  const menu = menuOf('test', images, { speed: 115_200, root: grubRoots[method] }).print()
  const place = path.join(folder, name)
  fs.mkdirSync(place)
  return await buildMedium(method, { images: imageList(images), menu, folder: place })
}

const hashOf = (file: string) => createHash('sha256').update(fs.readFileSync(file)).digest('hex')

/** Gives everything below a folder another time, another mode and another order of creation. */
const disguise = (root: string, copy: string) => {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
  const isFolder = (name: string) => fs.statSync(path.join(root, name)).isDirectory()
  fs.mkdirSync(copy)
  for (const name of names.filter(isFolder)) fs.mkdirSync(path.join(copy, name))
  for (const name of names.filter((it) => !isFolder(it)).toReversed()) {
    fs.copyFileSync(path.join(root, name), path.join(copy, name))
  }
  for (const name of ['.', ...names]) {
    // As under a umask of 077.
    fs.chmodSync(path.join(copy, name), isFolder(name) ? 0o700 : 0o600)
    fs.utimesSync(path.join(copy, name), 1e9, 1e9)
  }
}

const writers = {
  iso: writeIso,
  floppy: writeFloppy,
  ext2: async (root: string, image: string) => await writeDisk(root, image, 'ext2'),
  fat: async (root: string, image: string) => await writeDisk(root, image, 'fat'),
} as const

test('the same files give the same bytes at another time', async () => {
  const sources = { iso: 'iso', floppy: 'floppy', ext2: 'disk', fat: 'disk' } as const
  const images = await standIns()
  const roots = new Map<string, string>()
  for (const method of ['iso', 'floppy', 'disk'] as const) {
    roots.set(method, (await build(method, images)).workingDirectory)
  }
  const started = Date.now()
  const write = async (round: string, from: (root: string) => string) => {
    const hashes: Record<string, string> = {}
    for (const [name, writer] of Object.entries(writers)) {
      const root = roots.get(sources[name as keyof typeof sources])!
      const image = path.join(folder, `${round}-${name}.img`)
      await writer(from(root), image)
      hashes[name] = hashOf(image)
    }
    return hashes
  }
  const first = await write('first', (root) => root)
  for (const root of roots.values()) disguise(root, `${root}-again`)
  // FAT counts time in steps of two seconds; the clock must have moved on by one.
  await expect.poll(() => Date.now() - started).toBeGreaterThan(2_100)
  expect(await write('second', (root) => `${root}-again`)).toEqual(first)
})

const image = (name: string, bytes: Buffer): Image => ({
  ...{ role: name, name, arguments: '', path: `/images/${name}` },
  ...{ size: bytes.length, sha256: '', bytes },
})

test('what does not fit on a floppy is stripped, and said', async () => {
  const { kernel, modules } = await standIns()
  // Bytes behind an ELF file's sections, as large debugging information would be.
  const bloated = Buffer.concat([modules[0]!.bytes, Buffer.alloc(2_000_000, 1)])
  const images = { kernel, modules: [image('ia32-kernel', bloated), ...modules.slice(1)] }
  const { notes, workingDirectory } = await build('floppy', images)
  expect(notes).toEqual([
    expect.stringMatching(
      /^ia32-kernel was stripped to fit on the floppy: 2\.0 MiB became [\d.]+ KiB\.$/,
    ),
  ])
  const { size } = fs.statSync(path.join(workingDirectory, 'ia32-kernel'))
  expect(size).toBeLessThan(modules[0]!.bytes.length)
})

test('what fits on a floppy stays as it is', async () => {
  const { notes, workingDirectory } = await build('floppy', await standIns())
  expect(notes).toEqual([])
  expect(hashOf(path.join(workingDirectory, 'sigma0'))).toBe(
    hashOf(path.join(standInFolder, 'sigma0')),
  )
})

test('what does not fit even so is refused, with the sizes', async () => {
  const { kernel, modules } = await standIns()
  const ramdisk = image('ramdisk', Buffer.alloc(1_400_000))
  const error: unknown = await build('floppy', { kernel, modules: [...modules, ramdisk] }).catch(
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ culprit: 'bootset', code: 'BOOTSTAND_FLOPPY_FULL' })
  const [first, second, third] = (error as Error).message.split('\n')
  expect(first).toMatch(
    /^The files do not fit on a 1\.44 MB floppy: \d+ bytes needed, 1457664 available\.$/,
  )
  expect(second).toBe('    1400000  ramdisk')
  expect(third).toMatch(/^ +\d+ {2}boot\/grub\/stage2$/)
  expect((error as Error).message).toMatch(/ia32-kernel \(stripped\)\n/)
})

test('a file that a menu has zipped is not stripped', async () => {
  const { kernel } = await standIns()
  fs.writeFileSync(path.join(folder, 'kickstart'), gzipSync(kernel.bytes))
  const images = [image('kickstart', kernel.bytes)]
  await expect(makeFit(images, folder, { available: 1, blockSize: 512 })).rejects.toMatchObject({
    ...{ code: 'BOOTSTAND_FLOPPY_FULL', culprit: 'bootset' },
    message: expect.stringMatching(/^ +\d+ {2}kickstart$/m),
  })
})

test('a disk holds files of many megabytes, and small ones beside', async () => {
  const { kernel, modules } = await standIns()
  const large = image('large', Buffer.alloc(30_000_000, 7))
  const small = Array.from({ length: 25 }, (_, n) => image(`small${n}`, Buffer.alloc(9, 7)))
  const medium = await build('disk', { kernel, modules: [...modules, large, ...small] })
  const megabytes = fs.statSync(medium.image!).size / 1e6
  expect(megabytes).toBeGreaterThan(30)
  expect(megabytes).toBeLessThan(40)
})

test('a FAT disk of any size is FAT16, as its partition says', async () => {
  for (const megabytes of [0, 40]) {
    const root = path.join(folder, `root-${megabytes}`)
    const { workingDirectory } = await build(
      'disk',
      await standIns(),
      `disk-${megabytes}` as 'disk',
    )
    fs.cpSync(workingDirectory, root, { recursive: true })
    fs.writeFileSync(path.join(root, 'large'), Buffer.alloc(megabytes * 1_000_000))
    const file = path.join(folder, `fat-${megabytes}.img`)
    await writeDisk(root, file, 'fat')
    const bytes = fs.readFileSync(file)
    expect(bytes[446 + 4]).toBe(0x06)
    expect(bytes.toString('latin1', 1_048_576 + 54, 1_048_576 + 62)).toBe('FAT16   ')
  }
})

test('a menu line that GRUB would cut is refused on every medium that GRUB reads', async () => {
  const { kernel, modules } = await standIns()
  const images = { kernel: { ...kernel, arguments: 'x'.repeat(1_500) }, modules }
  for (const method of ['iso', 'floppy', 'disk', 'network'] as const) {
    await expect(build(method, images)).rejects.toThrow('has 1518 characters; GRUB Legacy reads')
  }
})

test('an unknown method is answered with the known ones', () => {
  expect(() => parseBootMethod('flopy')).toThrow(
    'Unknown boot method "flopy". Expected one of: direct, iso, floppy, disk, network. Did you mean "floppy"?',
  )
})
