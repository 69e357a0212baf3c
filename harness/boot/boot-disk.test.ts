import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import type { FileSystem } from '../media/medium.ts'
import { bootDisk } from './boot-disk.ts'
import { pistachio } from './pistachio.ts'
import { prepareBoot } from './prepare.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-disk, test-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
})

afterEach(() => {
  delete process.env['BOOTSTAND_RUNS']
  fs.rmSync(folder, { recursive: true })
})

const buildImage = async (method: 'iso' | 'floppy' | 'disk', fileSystem?: FileSystem) => {
  const scenario = pistachio({ rootTask: 'pingpong' })
  const place = path.join(folder, 'build')
  fs.mkdirSync(place)
  const options = { images: standInFolder, method, folder: place, fileSystem }
  return (await prepareBoot(scenario, options)).medium.image!
}

test.for([
  ['iso', undefined],
  ['floppy', undefined],
  ['disk', 'ext2'],
  ['disk', 'fat'],
] as const)('a finished %s (%s) boots, and is not written', async ([method, fileSystem]) => {
  const file = await buildImage(method, fileSystem)
  const before = fs.readFileSync(file)
  fs.chmodSync(file, 0o444)
  fs.utimesSync(file, 1e9, 1e9)
  await using target = await bootDisk(file)
  await target.com1.waitFor('s: print SQLite table')
  await target.com1.type('1')
  await target.com1.waitFor(/^IPC \(63 MRs\): [\d.]+ cycles/)
  await expect(target.stop()).resolves.toMatchObject({
    outcome: 'finished',
    method,
    guests: file,
    images: [{ role: method, path: file, size: before.length }],
  })
  expect(fs.statSync(file).mtimeMs).toBe(1e12)
  expect(fs.readFileSync(file).equals(before)).toBe(true)
})

test('what a guest writes to its disk goes to the overlay', async () => {
  const file = await buildImage('disk')
  const before = fs.readFileSync(file)
  // A boot block that writes its own first sector to sector 5, says W on COM1, and halts.
  const code = [
    ...[0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0xbc, 0x00, 0x7c], // ds = es = 0, a stack
    ...[0xb8, 0x01, 0x03, 0xbb, 0x00, 0x7c, 0xb9, 0x05, 0x00, 0xb6, 0x00], // INT 13, AX=0301
    ...[0xcd, 0x13, 0xb0, 0x57, 0x73, 0x02, 0xb0, 0x45], // W, or E on an error
    ...[0xba, 0xf8, 0x03, 0xee, 0xb0, 0x0a, 0xee, 0xf4, 0xeb, 0xfd], // to COM1
  ]
  before.set(code, 0)
  fs.writeFileSync(file, before)
  await using target = await bootDisk(file)
  await expect(target.com1.waitFor(/^[WE]$/)).resolves.toMatchObject({ text: 'W' })
  await target.stop()
  expect(fs.readFileSync(file).equals(before)).toBe(true)
})

test('what is no image is refused, and leaves nothing behind', async () => {
  const file = path.join(folder, 'menu.lst')
  fs.writeFileSync(file, 'timeout 0\n')
  await expect(bootDisk(file)).rejects.toMatchObject({
    exitStatus: 2,
    message: `${file} has no boot sector (55 AA at byte 510) and is no ISO image. Expected a raw disk, floppy or ISO image.`,
  })
  await expect(bootDisk(path.join(folder, 'nothing.img'))).rejects.toThrow('found nothing.')
  await expect(bootDisk(folder)).rejects.toThrow('found a directory.')
  expect(fs.existsSync(path.join(folder, 'runs'))).toBe(false)
})
