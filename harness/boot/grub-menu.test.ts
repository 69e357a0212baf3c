import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { boot } from './boot.ts'
import { grubMenu, methodFor } from './grub-menu.ts'

const entry = (title: string, root: string, kernel: string) =>
  `title ${title}\nroot ${root}\nkernel ${kernel}\n`
const menu = entry('L4', '(hd0,0)', '/boot/kickstart.gz') + entry('Linux', '(fd0)', '/vmlinuz')

test('kernel and medium are told from the entry', () => {
  const described = (wanted?: string) => {
    const scenario = grubMenu({ menu, ...(wanted !== undefined && { entry: wanted }) })
    return [scenario.title, scenario.profile.name, methodFor(scenario)]
  }
  expect(described()).toEqual(['L4', 'L4Ka::Pistachio', 'disk'])
  expect(described('Linux')).toEqual(['Linux', 'GRUB Legacy', 'floppy'])
})

test.for([
  ['/boot/kickstart.gz', 'L4Ka::Pistachio'],
  ['/bootstrap', 'Fiasco'],
  ['/boot/gnumach-1.8-486-dbg.gz console=com0', 'GNU Mach'],
  ['/boot/xen-4.17-amd64.gz com1=115200,8n1', 'Xen'],
  ['--type=multiboot /xen.gz', 'Xen'],
  ['/xen', 'Xen'],
  ['/xenon', 'GRUB Legacy'],
] as const)('of "kernel %s" the kernel is %s', ([kernel, name]) => {
  expect(grubMenu({ menu: entry('it', '(cd)', kernel) }).profile.name).toBe(name)
})

test('a menu without entries is a scenario all the same: GRUB stays at its prompt', () => {
  expect(grubMenu({ menu: '' })).toMatchObject({ title: 'GRUB menu', machine: { memory: 64 } })
})

test('options that it does not know are refused', () => {
  expect(() => grubMenu({ menu, entri: 'L4' } as never)).toThrow('did you mean "entry"?')
})

test('GRUB reads a file of megabytes that ends where the disk does', async () => {
  const images = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-menu-'))
  try {
    fs.copyFileSync(path.join(standInFolder, 'mute'), path.join(images, 'mute'))
    fs.writeFileSync(path.join(images, 'large'), Buffer.alloc(8_000_000, 1))
    const text =
      'serial\nterminal --dumb serial\ntitle L4\nroot (hd0,0)\nkernel /mute\nmodule /large\n'
    const scenario = grubMenu({ menu: text, entry: 'L4' })
    await using target = await boot(scenario, { images, from: 'loader' })
    // 8,000,000 bytes.
    const { groups } = await target.com1.waitFor(
      /\[Multiboot-module @ 0x\w+, (?<size>0x\w+) bytes\]/,
    )
    expect(groups).toEqual({ size: '0x7a1200' })
  } finally {
    fs.rmSync(images, { recursive: true })
  }
})
