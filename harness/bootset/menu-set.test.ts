import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { driveOf, entryOf, filesOfEntry, menuText } from './menu-set.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-menu-set-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true }))

const menu = `default 1
timeout 30

title Linux
root (hd0,0)
kernel /boot/vmlinuz  root=/dev/ram0
initrd /boot/initrd.gz

title Pistachio
kernel (fd0)/kickstart
kernel (hd0,0)/kickstart kmem=8M
module /../kernel.gz
modulenounzip /ramdisk.gz two  words
module /missing
`

test('the named entry is taken, else the default one, else the first', () => {
  expect(entryOf({ menu, entry: 'Linux' })?.title).toBe('Linux')
  expect(entryOf({ menu })?.title).toBe('Pistachio')
  expect(entryOf({ menu: menu.replace('default 1', 'default saved') })?.title).toBe('Linux')
  expect(entryOf({ menu: 'timeout 5\n' })).toBeUndefined()
})

test('a title that no entry has is answered with the ones there are', () => {
  expect(() => entryOf({ menu, entry: 'Pistacio' })).toThrow(
    'The menu has no entry with the title "Pistacio". Did you mean "Pistachio"? It has: Linux, Pistachio.',
  )
})

const inBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

test('a title outside of ASCII is found as it is typed, in UTF-8 or Latin-1', () => {
  const titles = inBytes('title Grüße ✓ 漢字\nboot\n') + 'title Gr\xfc\xdfe\nboot\n'
  expect(entryOf({ menu: titles, entry: 'Grüße ✓ 漢字' })?.number).toBe(0)
  expect(entryOf({ menu: titles, entry: 'Grüße' })?.number).toBe(1)
  expect(() => entryOf({ menu: titles, entry: 'Grüße ✓' })).toThrow('It has: Grüße ✓ 漢字, Grüße.')
})

test('a title that would do something to a terminal is shown without', () => {
  const titles = `title \x1b[2J\x9b31m${'a'.repeat(100)}\nboot\n`
  expect(() => entryOf({ menu: titles, entry: 'x' })).toThrow(
    `It has: ␛[2J\ufffd31m${'a'.repeat(51)}….`,
  )
})

test('only the choice is added to a menu of which an entry is named', () => {
  expect(menuText({ menu })).toBe(menu)
  const lines = menuText({ menu, entry: 'Linux' }).split('\n')
  expect(lines.slice(0, 6)).toEqual([
    ...['default 1', 'timeout 30', '', 'default 0', 'timeout 0', 'title Linux'],
  ])
  expect(lines.filter((_, index) => index !== 3 && index !== 4).join('\n')).toBe(menu)
})

test('the files of an entry are what GRUB would load, in order', async () => {
  for (const name of ['kickstart', 'kernel.gz', 'ramdisk.gz']) {
    fs.writeFileSync(path.join(folder, name), gzipSync(name))
  }
  const { images, missing, others } = await filesOfEntry(entryOf({ menu })!, folder)
  expect(
    images.map((it) => [it.role, it.name, it.arguments, it.bytes.equals(gzipSync(it.name))]),
  ).toEqual([
    ['kernel', 'kickstart', 'kmem=8M', false],
    ['module', 'kernel.gz', '', false],
    ['modulenounzip', 'ramdisk.gz', 'two  words', true],
  ])
  expect({ missing, others }).toEqual({ missing: ['module /missing'], others: [] })
})

test('what an entry loads that is no file is named, and missing files before a later kernel, too', async () => {
  const entry = entryOf({
    menu: 'title t\nkernel /gone\nmodule\nkernel (hd0)0+20\nmodule /../../gone\nchainloader /boot.bin\n',
  })!
  const { images, missing, others } = await filesOfEntry(entry, folder)
  expect(images).toEqual([])
  expect(missing).toEqual(['kernel /gone', 'module /../../gone', 'chainloader /boot.bin'])
  expect(others).toEqual(['module', 'kernel (hd0)0+20'])
})

test('a sparse file that is larger than what is booted from memory is rejected', async () => {
  fs.writeFileSync(path.join(folder, 'k'), '')
  fs.truncateSync(path.join(folder, 'k'), 2 ** 40)
  const files = filesOfEntry(entryOf({ menu: 'title t\nkernel /k\n' })!, folder)
  await expect(files).rejects.toMatchObject({ code: 'BOOTSTAND_FILE', exitStatus: 2 })
})

test('a module that unpacks to more than is booted from memory is rejected', async () => {
  // A gzip file may have several members.
  const member = gzipSync(Buffer.alloc(1024 ** 2))
  const bomb = Buffer.concat(Array.from({ length: 257 }, () => member))
  fs.writeFileSync(path.join(folder, 'k'), bomb)
  const files = filesOfEntry(entryOf({ menu: 'title t\nkernel /k\n' })!, folder)
  await expect(files).rejects.toMatchObject({ code: 'BOOTSTAND_UNPACKED', exitStatus: 2 })
})

test.for([
  ['title a\nroot (hd1,2)\n', 'hard-disk'],
  ['title a\nkernel (fd0)/k\n', 'floppy'],
  ['title a\nfind --set-root (cd)/k\n', 'cdrom'],
  ['splashimage (hd0,0)/s\ntitle a\nkernel /k (fd0)\n', 'floppy'],
  ['title a\nkernel /k\n', undefined],
] as const)('%j boots from %s', ([text, drive]) => {
  expect(driveOf({ menu: text })).toBe(drive)
})
