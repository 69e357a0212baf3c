/** What a finished image is an image of. */
export type DiskKind = 'iso' | 'floppy' | 'disk'

/** Bytes from an image's beginning that tell what it is. */
export const tellingBytes = 34_816

/** Bytes of the floppies that PCs have booted from: 360, 720, 1200, 1440 and 2880 KiB. */
const floppySizes = [360, 720, 1200, 1440, 2880].map((kibibytes) => kibibytes * 1024)

/** Files that people take for a disk image, by their first bytes. */
const otherFiles: readonly (readonly [magic: string, what: string])[] = [
  ['\x1f\x8b', 'compressed by gzip; unzip it'],
  ['\xfd7zXZ', 'compressed by xz; unpack it'],
  ['BZh', 'compressed by bzip2; unpack it'],
  ['PK\x03\x04', 'a zip archive; unpack it'],
  ['QFI\xfb', 'a qcow2 image; convert it with `qemu-img convert -O raw`'],
  ['KDMV', 'a VMDK image; convert it with `qemu-img convert -O raw`'],
  ['\x7fELF', 'a program or kernel; name a scenario that boots it'],
]

/**
 * Tells from an image's bytes what it is.
 *
 * An ISO image that also bears a partition table, for use on a stick, is an ISO image.
 *
 * @param head Its first `tellingBytes` bytes, or all it has.
 * @param size Bytes of the whole image.
 * @returns what it is, or what is wrong with it, as the rest of a sentence.
 */
export const diskKindOf = (
  head: Buffer,
  size: number,
): { readonly kind: DiskKind } | { readonly defect: string } => {
  // ECMA-119, 8.1: volume descriptors begin at sector 16, each with CD001 behind its type.
  if (head.subarray(32_769, 32_774).toString('latin1') === 'CD001') return { kind: 'iso' }
  const other = otherFiles.find(([magic]) =>
    head.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1')),
  )
  if (other !== undefined) return { defect: `is ${other[1]}` }
  if (head.length < 512 || head.readUInt16LE(510) !== 0xaa55) {
    return { defect: 'has no boot sector (55 AA at byte 510) and is no ISO image' }
  }
  return { kind: floppySizes.includes(size) ? 'floppy' : 'disk' }
}
