import { isElfDefect, machineI386, parseElf, type ElfFile } from '../formats/elf.ts'
import { findMultibootHeader } from '../formats/multiboot.ts'

/** What a file is, told by its bytes and never by its name. */
export type Look = 'kickstart' | 'kernel' | 'sigma0' | 'program' | 'linux' | 'ramdisk' | 'other'

/** A range of addresses: from `start` up to, not including, `end`. */
export interface AddressSpan {
  readonly start: number
  readonly end: number
}

/** Where Pistachio's x86 kernel is linked, and no user program: kernel/src/glue/v4-x86/x32/config.h. */
const kernelArea = 0xf000_0000
/** Where sigma0 is linked unless its build was told otherwise (configure's default). */
const sigma0Base = 0x2_0000

/** The file as an executable for a 32-bit PC, or nothing. */
export const i386Elf = (bytes: Buffer): ElfFile | undefined => {
  const elf = parseElf(bytes)
  return isElfDefect(elf) || elf.bits !== 32 || elf.machine !== machineI386 ? undefined : elf
}

export const look = (bytes: Buffer): Look => {
  const elf = i386Elf(bytes)
  if (elf === undefined) return lookOfData(bytes)
  if (elf.segments.some((it) => it.virtual >= kernelArea)) return 'kernel'
  if (loadSpan(elf)?.start === sigma0Base) return 'sigma0'
  const isLoader = findMultibootHeader(bytes) !== undefined && bytes.includes('KickStart ')
  return isLoader ? 'kickstart' : 'program'
}

const lookOfData = (bytes: Buffer): Look => {
  if (isLinux(bytes)) return 'linux'
  return isRamdisk(bytes) ? 'ramdisk' : 'other'
}

/** A bzImage or zImage: boot protocol, section "The real-mode kernel header". */
export const isLinux = (bytes: Buffer): boolean => bytes.toString('latin1', 0x202, 0x206) === 'HdrS'

/** A gzip file, cpio archive, romfs, cramfs, or a file system of ext2 or Minix, by its magic number. */
const isRamdisk = (bytes: Buffer): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  /^(?:07070[127]|-rom1fs-|\x45\x3d\xcd\x28)/.test(bytes.toString('latin1', 0, 8)) ||
  isFileSystem(bytes)

const isFileSystem = (bytes: Buffer): boolean =>
  bytes.length > 0x43a &&
  (bytes.readUInt16LE(0x438) === 0xef53 || [0x137f, 0x138f].includes(bytes.readUInt16LE(0x410)))

/**
 * What kickstart takes an image's place for: one span from the lowest to the highest physical
 * address, holes and all.
 */
export const loadSpan = ({ segments }: ElfFile): AddressSpan | undefined =>
  segments.length === 0
    ? undefined
    : {
        start: Math.min(...segments.map((it) => it.physical)),
        end: Math.max(...segments.map((it) => it.physical + it.memorySize)),
      }
