import { expect, test } from 'vitest'
import { parseMenu } from '../formats/menu/parse.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { folderMedium } from './folder-medium.ts'
import { memoryMedium } from './memory-medium.ts'
import type { Medium } from './medium.ts'
import { moduleSpans } from './packing.ts'
import { subjectOf } from './subject.ts'
import { images } from './test-images.ts'

const spans = (menu: string, root: Medium) =>
  moduleSpans(subjectOf(parseMenu(menu), { root }).entries[0]!)

// GRUB 0.97 printed `[Multiboot-module @ 0x805000, …]` for the first, and packed the others so.
test('modules begin at the page behind what the kernel’s header says, each at a page of its own', () => {
  const menu = 'title t\nkernel /kickstart\nmodule /sigma0\nmodule /pingpong\n'
  const [first, second] = spans(menu, folderMedium(standInFolder))
  expect([first!.start % 0x1000, second!.start % 0x1000]).toEqual([0, 0])
  expect(second!.start - first!.end).toBeLessThan(0x1000)
})

test('behind an unknown file nothing is known', () => {
  const root = memoryMedium([
    { path: '/kickstart', bytes: images.kickstart },
    { path: '/a', bytes: Buffer.alloc(0x1001) },
  ])
  const menu = 'title t\nkernel /kickstart\nmodule /a\nmodule /gone\nmodule /a\n'
  expect(spans(menu, root)).toEqual([{ start: 0x80_1000, end: 0x80_2001 }, undefined, undefined])
})

/** An ELF file like kickstart's, with two sections of debugging information behind it. */
const withSections = (): Buffer => {
  const table = Buffer.alloc(3 * 0x28)
  for (const [at, size] of [
    [1, 0x101],
    [2, 0x10],
  ] as const) {
    table.writeUInt32LE(size, at * 0x28 + 0x14)
    table.writeUInt32LE(4, at * 0x28 + 0x20)
  }
  const bytes = Buffer.concat([images.kickstart, table])
  bytes.writeUInt32LE(images.kickstart.length, 0x20)
  bytes.writeUInt16LE(3, 0x30)
  return bytes
}

test('the section table and sections without an address stand between kernel and modules', () => {
  const root = memoryMedium([
    { path: '/kickstart', bytes: withSections() },
    { path: '/a', bytes: Buffer.alloc(0xf00) },
  ])
  // 0x801000 + 3 * 0x28, then 0x101 bytes at the next multiple of 4, then 0x10 bytes: 0x801194.
  const menu = 'title t\nkernel /kickstart\nmodule /a\n'
  expect(spans(menu, root)).toEqual([{ start: 0x80_2000, end: 0x80_2f00 }])
})
