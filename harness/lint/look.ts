import { isElfDefect, machineI386, parseElf, type ElfFile } from '../formats/elf.ts'
import { findMultibootHeader, multibootLoadEnd } from '../formats/multiboot.ts'
import { onceEach } from './once-each.ts'

/** What a file is, told by its bytes and never by its name. */
export type Look = 'kickstart' | 'kernel' | 'sigma0' | 'program' | 'other'

/** A range of addresses: from `start` up to, not including, `end`. */
export interface AddressSpan {
  readonly start: number
  readonly end: number
}

/** Where Pistachio's x86 kernel is linked, and no user program: kernel/src/glue/v4-x86/x32/config.h. */
const kernelArea = 0xf000_0000
/** Where sigma0 is linked unless its build was told otherwise (configure's default). */
const sigma0Base = 0x2_0000

export const elfOf = onceEach(parseElf)
export const multibootHeader = onceEach(findMultibootHeader)
/** Where a multiboot header says that the file's bytes end in memory. */
export const multibootEnd = onceEach(multibootLoadEnd)

/** The file as an executable for a 32-bit PC, or nothing. */
export const i386Elf = (bytes: Buffer): ElfFile | undefined => {
  const elf = elfOf(bytes)
  return isElfDefect(elf) || elf.bits !== 32 || elf.machine !== machineI386 ? undefined : elf
}

export const look = onceEach((bytes: Buffer): Look => {
  const elf = i386Elf(bytes)
  if (elf === undefined) return 'other'
  if (elf.segments.some((it) => it.virtual >= kernelArea)) return 'kernel'
  if (loadSpan(elf)?.start === sigma0Base) return 'sigma0'
  const isLoader = multibootHeader(bytes) !== undefined && bytes.includes('KickStart ')
  return isLoader ? 'kickstart' : 'program'
})

/**
 * A kernel that GRUB boots without a multiboot header: Linux, or a BSD as ELF or a.out. As load_image
 * of stage2/boot.c tells them; memtest86 passes for Linux.
 */
export const isOtherKernel = (bytes: Buffer): boolean =>
  isLinux(bytes) || isBsdElf(bytes) || isAout(bytes)

const isLinux = (bytes: Buffer): boolean =>
  bytes.length > 0x200 && bytes.readUInt16LE(0x1fe) === 0xaa55 && bytes[0x1f1]! <= 64

/** By EI_OSABI, or by the brand that FreeBSD once wrote behind it. */
const isBsdElf = (bytes: Buffer): boolean =>
  i386Elf(bytes) !== undefined &&
  (bytes[7] === 9 || bytes.toString('latin1', 8, 16) === 'FreeBSD\0')

/** OMAGIC, NMAGIC, ZMAGIC and QMAGIC; NetBSD writes the magic number in network order behind it. */
const isAout = (bytes: Buffer): boolean =>
  bytes.length > 32 &&
  [bytes.readUInt16LE(0), bytes.readUInt16BE(2)].some((it) =>
    [0o407, 0o410, 0o413, 0o314].includes(it),
  )

/**
 * What kickstart takes an image's place for: one span from the lowest to the highest physical
 * address, holes and all.
 */
const loadSpan = ({ segments }: ElfFile): AddressSpan | undefined =>
  segments.length === 0
    ? undefined
    : {
        start: Math.min(...segments.map((it) => it.physical)),
        end: Math.max(...segments.map((it) => it.physical + it.memorySize)),
      }

/** The span of an executable for a 32-bit PC, or nothing. */
export const loadSpanOf = onceEach((bytes: Buffer): AddressSpan | undefined => {
  const elf = i386Elf(bytes)
  return elf === undefined ? undefined : loadSpan(elf)
})
