import { gzipSync } from 'node:zlib'
import { tinyElf } from '../test-images.ts'

/** What boots as it is meant to. */
export type RightFiles = Readonly<
  Record<'kickstart' | 'ia32-kernel' | 'sigma0' | 'pingpong', Buffer>
>

/** The right files and, beside them, files that are wrong in one way each. */
export const proofFiles = (right: RightFiles): Readonly<Record<string, Buffer>> => ({
  ...right,
  // The zero ends it where a program takes it for its own.
  text: Buffer.from('no program\n\0'),
  '64-bit': tinyElf({ physical: 0x40_0000, elfClass: 2 }),
  'for-arm': forArm(),
  'on-kernel': tinyElf({ physical: 0x10_0000 }),
  // Wherever behind kickstart's symbols GRUB puts them, some module is here.
  'on-module': tinyElf({ physical: 0x81_0000, size: 0x1_0000 }),
  above: tinyElf({ physical: 0x804_8000 }),
  outside: tinyElf({ physical: 0x40_0000, entry: 0xf000_0000 }),
  'kickstart.cut': right.kickstart.subarray(0, 0x1800),
  'cut-task': cutTask(),
  'sigma0.gz': gzipSync(right.sigma0),
  'ramdisk.gz': gzipSync(Buffer.alloc(17 * 2 ** 20)),
  'new/pingpong': Buffer.from(
    right.pingpong.toString('latin1').replace('Pingpong started', 'Pingpong changed'),
    'latin1',
  ),
})

const forArm = (): Buffer => {
  const bytes = tinyElf({ physical: 0x40_0000 })
  bytes.writeUInt16LE(40, 0x12)
  return bytes
}

const page = 0x1000
const headerSize = 0x54
const fileSizeField = 0x44

/**
 * A root task of two pages that has the kernel debugger print what stands at the beginning of its
 * second page. The file ends with the first.
 */
const cutTask = (): Buffer => {
  const start = 0x40_0000
  const text = Buffer.alloc(page - headerSize)
  text.set([
    // mov 0x401000, %dl: the debugger reads only pages that were mapped before.
    ...[0x8a, 0x15, 0x00, 0x10, 0x40, 0x00],
    // mov $0x401000, %eax; int3; cmp $1, %al: prints a string.
    ...[0xb8, 0x00, 0x10, 0x40, 0x00, 0xcc, 0x3c, 0x01],
    // jmp to itself
    ...[0xeb, 0xfe],
  ])
  const bytes = tinyElf({ physical: start, entry: start + headerSize, size: 2 * page, text })
  bytes.writeUInt32LE(2 * page, fileSizeField)
  return bytes
}
