import { expect, test } from 'vitest'
import { diskKindOf } from './disk-image.ts'

const bootable = (size: number) => {
  const bytes = Buffer.alloc(size)
  bytes.set([0x55, 0xaa], 510)
  return bytes
}
const kindOf = (bytes: Buffer) => diskKindOf(bytes.subarray(0, 34_816), bytes.length)

test('images are told by their bytes', () => {
  const iso = bootable(100_000)
  iso.write('\x01CD001', 32_768, 'latin1')
  expect(kindOf(iso)).toEqual({ kind: 'iso' })
  expect(kindOf(bootable(1_474_560))).toEqual({ kind: 'floppy' })
  expect(kindOf(bootable(2_097_152))).toEqual({ kind: 'disk' })
})

test.for([
  ['nothing', Buffer.alloc(0), 'has no boot sector (55 AA at byte 510) and is no ISO image'],
  ['a text', Buffer.from('menu'), 'has no boot sector (55 AA at byte 510) and is no ISO image'],
  ['gzip', Buffer.from([0x1f, 0x8b, 8]), 'is compressed by gzip; unzip it'],
  [
    'qcow2',
    Buffer.from('QFI\xfb', 'latin1'),
    'is a qcow2 image; convert it with `qemu-img convert -O raw`',
  ],
] as const)('%s is no image', ([, bytes, defect]) => {
  expect(kindOf(bytes)).toEqual({ defect })
})
