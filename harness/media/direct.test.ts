import { expect, test } from 'vitest'
import type { Image } from '../bootset/images.ts'
import { directArguments } from './direct.ts'

const image = (name: string, words = ''): Image => ({
  role: name,
  name,
  arguments: words,
  path: `/images/${name}`,
  size: 0,
  sha256: '',
  bytes: Buffer.alloc(0),
})

test('modules keep their order and arguments; commas are doubled for QEMU', () => {
  const images = [
    image('kickstart', 'kmem=40M'),
    image('ia32-kernel'),
    image('vmlinuz.VX2', 'console=herc  console=ttyS1,115200'),
  ]
  expect(directArguments(images)).toEqual([
    ...['-kernel', 'kickstart', '-append', 'kmem=40M'],
    ...['-initrd', 'ia32-kernel,vmlinuz.VX2 console=herc  console=ttyS1,,115200'],
  ])
})
