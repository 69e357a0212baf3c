import { expect, test } from 'vitest'
import { reducibleMenu } from './reducible-menu.ts'

const text = `color red/blue
serial --unit=0
default 1
title Other
kernel /linux
title L4
root (hd0,0)
kernel --no-mem-option /boot/kickstart kmem=4M
module /ia32-kernel
module (hd0,0)/sigma0
module /pingpong  a  b
module /ramdisk
`

test('the entry that boots is taken apart', () => {
  const { parts, files } = reducibleMenu(text, true)!
  expect(parts.map(({ label, isNeeded }) => `${isNeeded ? 'needed: ' : ''}${label}`)).toEqual([
    'root (hd0,0)',
    '"--no-mem-option" of /boot/kickstart',
    '"kmem=4M" of /boot/kickstart',
    'needed: module /ia32-kernel',
    'needed: module (hd0,0)/sigma0',
    'needed: module /pingpong',
    '"a" of /pingpong',
    '"b" of /pingpong',
    'module /ramdisk',
  ])
  expect(files).toEqual(['boot/kickstart', 'ia32-kernel', 'sigma0', 'pingpong', 'ramdisk'])
})

test('it is printed with some of its parts, to boot at once', () => {
  const { parts, print } = reducibleMenu(text, true)!
  const head = 'serial --unit=0\ndefault 0\ntimeout 0\n\ntitle L4\n'
  expect(print([])).toBe(`${head}kernel /boot/kickstart\n`)
  expect(print(parts.filter((it) => /pingpong|root/.test(it.label)))).toBe(
    `${head}root (hd0,0)\nkernel /boot/kickstart\nmodule /pingpong a b\n`,
  )
  // Words of a line that is gone go with it.
  expect(print(parts.filter((it) => it.kind === 'word'))).toBe(
    `${head}kernel --no-mem-option /boot/kickstart kmem=4M\n`,
  )
})

test('what only GRUB reads counts for nothing where GRUB is not asked', () => {
  const { parts, print } = reducibleMenu(text, false)!
  expect(parts.some(({ kind }) => kind === 'command')).toBe(false)
  expect(print([])).toContain('root (hd0,0)\n')
})

test('a menu without an entry cannot be taken apart', () => {
  expect(reducibleMenu('timeout 5\n', true)).toBeUndefined()
})
