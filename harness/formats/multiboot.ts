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

/** Flag bit 16 of the header: it says itself where the file goes (section 3.1.3). */
const hasAddresses = 0x1_0000

/**
 * The end of what a loader puts into memory by the header's own address fields, or nothing if they
 * do not count. GRUB Legacy goes by them even if the file is ELF, and then loads no symbols: seen.
 */
export const multibootLoadEnd = (bytes: Buffer): number | undefined => {
  const header = findMultibootHeader(bytes)
  if (header === undefined || header + 32 > bytes.length) return undefined
  if ((bytes.readUInt32LE(header + 4) & hasAddresses) === 0) return undefined
  const [load, loadEnd, bssEnd] = [16, 20, 24].map((field) => bytes.readUInt32LE(header + field))
  return bssEnd || loadEnd || load! + bytes.length
}
