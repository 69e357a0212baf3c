import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRamdisk } from '../ramdisk/open-ramdisk.ts'
import { changeExt2 } from './ext2-tools.ts'
import { writeExt2 } from './ext2.ts'
import { writeFat } from './fat.ts'
import { stageDirectory, stageImages } from './staging.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-hostile-'))
  fs.mkdirSync(path.join(folder, 'root'))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => path.join(folder, name)

const write = (name: string) => {
  fs.mkdirSync(path.dirname(at(`root/${name}`)), { recursive: true })
  fs.writeFileSync(at(`root/${name}`), name)
}

const ext2 = async () => {
  const image = at('medium.img')
  fs.writeFileSync(image, '')
  fs.truncateSync(image, 1024 ** 2)
  await writeExt2(at('root'), { image, offset: 0, size: 1024 ** 2 })
  return image
}

const rejectedName = { code: 'BOOTSTAND_NAME', exitStatus: 2 }

test.for(['file', 'directory'] as const)(
  'a %s whose name has commands of debugfs is not executed',
  async (kind) => {
    const name = `x"\ndump \\<2> stolen\nmkdir "/y`
    write(kind === 'file' ? name : `${name}/file`)
    await expect(ext2()).rejects.toMatchObject(rejectedName)
    expect(fs.readdirSync(folder).toSorted()).toEqual(['medium.img', 'root'])
  },
)

test('names that mean something to debugfs are written as they are', async () => {
  const names = ['<2>', '"', 'a"b" c', '-rf', '*', '#no comment', 'back\\slash', '<2>x/<11>']
  for (const it of names) write(it)
  await using image = await openRamdisk(await ext2())
  for (const it of names) {
    const entry = image.tree.get(it)
    expect(entry).toMatchObject({ type: 'file', mode: 0o644 })
    expect(image.read(entry!).toString()).toBe(it)
  }
})

test('a line that debugfs would take for two commands is rejected', async () => {
  const image = await ext2()
  const commands = [['symlink', '/link', 'x'.repeat(9000)]] as const
  const changed = changeExt2(path.basename(image), folder, commands)
  await expect(changed).rejects.toMatchObject(rejectedName)
})

test.for(['a:b', 'x.', 'x ', 'new\nline', '*', 'COM1', 'lpt1.txt', 'q"', 'back\\slash'])(
  'FAT rejects the name %j, which mtools would change',
  async (name) => {
    write(name)
    const written = writeFat(at('root'), { image: at('medium.img'), format: ['-f', '1440', '-C'] })
    await expect(written).rejects.toMatchObject(rejectedName)
  },
)

test('FAT rejects names that differ only in their case', async () => {
  for (const it of ['Kernel', 'kernel']) write(it)
  const written = writeFat(at('root'), { image: at('medium.img'), format: ['-f', '1440', '-C'] })
  await expect(written).rejects.toMatchObject(rejectedName)
})

test('a boot file is not written outside of the medium', async () => {
  const bytes = Buffer.from('x')
  const image = { role: 'module', arguments: '', path: '/x', size: 1, sha256: '', bytes }
  const staged = stageImages([{ ...image, name: '../../outside' }], at('medium/below'))
  await expect(staged).rejects.toMatchObject({ code: 'BOOTSTAND_PATH', exitStatus: 2 })
  expect(fs.existsSync(at('outside'))).toBe(false)
})

test('a file whose name is not UTF-8 is not left out without a word', async () => {
  const name = Buffer.concat([Buffer.from(at('root/')), Buffer.from('ff', 'hex')])
  fs.writeFileSync(name, 'x')
  const staged = stageDirectory(at('root'), at('medium'))
  await expect(staged).rejects.toMatchObject({ exitStatus: 2 })
})
