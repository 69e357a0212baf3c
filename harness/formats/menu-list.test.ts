import { expect, test } from 'vitest'
import { printMenu } from './menu-list.ts'

test('an entry is printed with its arguments verbatim', () => {
  const menu = printMenu({
    serial: { unit: 0, speed: 115_200 },
    timeout: 0,
    entries: [
      {
        title: 'L4Linux',
        root: '(cd)',
        kernel: { path: '/kickstart', arguments: 'kmem=40M' },
        modules: [
          { path: '/ia32-kernel', arguments: '' },
          { path: '/vmlinuz.VX2', arguments: 'root="/dev ram0"  console=ttyS1,115200' },
        ],
      },
    ],
  })
  expect(menu).toBe(`serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1
terminal --timeout=0 --dumb serial
default 0
timeout 0

title L4Linux
root (cd)
kernel /kickstart kmem=40M
module /ia32-kernel
module /vmlinuz.VX2 root="/dev ram0"  console=ttyS1,115200
`)
})
