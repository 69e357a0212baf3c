/** A section of an ELF file. */
export interface ElfSection {
  readonly name: string
  /** `sh_type`: 2 is the symbol table, 8 takes no place in the file. */
  readonly kind: number
  /** `sh_flags`: 4 is set where there is code. */
  readonly flags: number
  /** Virtual address. */
  readonly address: number
  /** Bytes, from the file's beginning. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
  /** Index of the section that belongs to it, such as a symbol table's names. */
  readonly link: number
}

/**
 * The sections of a 32-bit ELF file, in their order.
 *
 * @throws {RangeError} where the file is cut off; one that is no such file has none. Source: System V ABI, chapter 4.
 */
export const elfSections = (bytes: Buffer): readonly ElfSection[] => {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 1 || bytes[5] !== 1) return []
  const table = bytes.readUInt32LE(0x20)
  const field = (index: number, offset: number) =>
    bytes.readUInt32LE(table + index * bytes.readUInt16LE(0x2e) + offset)
  const namesAt = field(bytes.readUInt16LE(0x32), 0x10)
  return Array.from({ length: bytes.readUInt16LE(0x30) }, (_, index) => ({
    name: nameAt(bytes, namesAt + field(index, 0x00)),
    kind: field(index, 0x04),
    flags: field(index, 0x08),
    address: field(index, 0x0c),
    offset: field(index, 0x10),
    size: field(index, 0x14),
    link: field(index, 0x18),
  }))
}

/** Bytes of a name that are read: many symbols may share one that is as long as the file. */
const longestName = 4096

/** The text at an offset, up to its NUL byte, or its first 4096 bytes. */
export const nameAt = (bytes: Buffer, start: number): string => {
  const most = bytes.subarray(start, start + longestName)
  const end = most.indexOf(0)
  return most.toString('latin1', 0, end === -1 ? most.length : end)
}
