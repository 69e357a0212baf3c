// Multiboot Specification 0.6.96, section 3.1: the header lies in the first 8192 bytes, aligned to 4.
const headerMagic = 0x1badb002
const searchLength = 8192

/** Byte offset of a valid multiboot 1 header, or nothing when GRUB would find none. */
export const findMultibootHeader = (bytes: Buffer): number | undefined => {
  const end = Math.min(bytes.length, searchLength) - 12
  for (let at = 0; at <= end; at += 4) {
    if (bytes.readUInt32LE(at) !== headerMagic) continue
    const sum = headerMagic + bytes.readUInt32LE(at + 4) + bytes.readUInt32LE(at + 8)
    if (sum % 0x1_0000_0000 === 0) return at
  }
  return undefined
}
