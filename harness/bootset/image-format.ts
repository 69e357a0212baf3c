import { visibleText } from '../core/text.ts'
import { isElfDefect, machineI386, parseElf } from '../formats/elf.ts'
import { findMultibootHeader } from '../formats/multiboot.ts'
import type { ImageFormat } from './boot-set.ts'

/** What keeps a loader from taking these bytes, as the rest of a sentence; nothing if it can. */
export const imageDefect = (bytes: Buffer, format: ImageFormat): string | undefined => {
  if (format === 'any') return undefined
  if (format === 'linux') return linuxDefect(bytes)
  const elf = parseElf(bytes)
  if (isElfDefect(elf)) {
    switch (elf.defect) {
      case 'no-elf':
        return `is no ELF file: ${beginning(bytes)}. Build it for i386, or name another directory.`
      case 'truncated':
        return `is cut off: its headers need ${elf.expectedSize} bytes, it has ${bytes.length}. Copy or build it again.`
      case 'unsupported':
        return `cannot be loaded: ${elf.reason}. Build it for i386.`
    }
  }
  if (elf.bits !== 32 || elf.machine !== machineI386) {
    const found = elf.bits === 32 ? `a 32-bit ELF for machine ${elf.machine}` : 'a 64-bit ELF'
    return `is ${found}; expected a 32-bit ELF for i386 (machine 3). Build it for i386.`
  }
  if (format === 'multiboot' && findMultibootHeader(bytes) === undefined) {
    return 'has no multiboot header in its first 8192 bytes, so GRUB cannot start it. Is it the right file?'
  }
  return undefined
}

/** Linux' Documentation/arch/x86/boot.rst: the setup header's magic number, and a boot sector's. */
const linuxDefect = (bytes: Buffer): string | undefined => {
  const isLinux =
    bytes.length > 0x206 &&
    bytes.readUInt16LE(0x1fe) === 0xaa55 &&
    bytes.toString('latin1', 0x202, 0x206) === 'HdrS'
  if (isLinux) return undefined
  return `is no Linux kernel that a loader can start: ${beginning(bytes)}. Expected a bzImage, such as Debian's vmlinuz.`
}

const beginning = (bytes: Buffer): string =>
  bytes.length === 0
    ? 'it is empty'
    : `it begins with "${visibleText(bytes.subarray(0, 16).toString('latin1'))}"`
