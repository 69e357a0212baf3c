/** A loadable segment: file bytes `offset … offset + fileSize` go to `physical … physical + memorySize`. */
export interface Segment {
  readonly offset: number
  readonly virtual: number
  readonly physical: number
  readonly fileSize: number
  readonly memorySize: number
}

/** What the header and the program headers of an ELF file say. Addresses are byte addresses. */
export interface ElfFile {
  readonly bits: 32 | 64
  /** `e_machine`: 3 is i386, 62 is x86-64. */
  readonly machine: number
  readonly entry: number
  readonly segments: readonly Segment[]
}

/** Why bytes are not an ELF file that a loader could use. */
export type ElfDefect =
  | { readonly defect: 'no-elf' }
  | { readonly defect: 'truncated'; readonly expectedSize: number }
  | { readonly defect: 'unsupported'; readonly reason: string }

export const machineI386 = 3

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
const loadable = 1

/** Tells a usable file from a defect. */
export const isElfDefect = (value: ElfFile | ElfDefect): value is ElfDefect => 'defect' in value

/**
 * Reads the headers of an ELF file as far as a boot loader does. Never throws: what is wrong with
 * the bytes is part of the answer. Source: System V ABI, chapters 4 and 5.
 */
export const parseElf = (bytes: Buffer): ElfFile | ElfDefect => {
  if (bytes.length < 4 || !bytes.subarray(0, 4).equals(magic)) return { defect: 'no-elf' }
  if (bytes.length < 0x34) return { defect: 'truncated', expectedSize: 0x34 }
  const elfClass = bytes[4]
  if (elfClass !== 1 && elfClass !== 2) {
    return { defect: 'unsupported', reason: `its class is ${elfClass}, neither 32 nor 64 bit` }
  }
  if (bytes[5] !== 1) return { defect: 'unsupported', reason: 'it is not little-endian' }
  return elfClass === 1 ? parse32(bytes) : parse64(bytes)
}

const parse32 = (bytes: Buffer): ElfFile | ElfDefect => {
  const table = { at: bytes.readUInt32LE(0x1c), entry: 0x20, count: bytes.readUInt16LE(0x2c) }
  const tableEnd = table.at + table.entry * table.count
  if (tableEnd > bytes.length) return { defect: 'truncated', expectedSize: tableEnd }
  const segments: Segment[] = []
  for (let index = 0; index < table.count; index++) {
    const at = table.at + index * table.entry
    if (bytes.readUInt32LE(at) !== loadable) continue
    segments.push({
      offset: bytes.readUInt32LE(at + 0x04),
      virtual: bytes.readUInt32LE(at + 0x08),
      physical: bytes.readUInt32LE(at + 0x0c),
      fileSize: bytes.readUInt32LE(at + 0x10),
      memorySize: bytes.readUInt32LE(at + 0x14),
    })
  }
  return complete(bytes, {
    bits: 32,
    machine: bytes.readUInt16LE(0x12),
    entry: bytes.readUInt32LE(0x18),
    segments,
  })
}

const parse64 = (bytes: Buffer): ElfFile | ElfDefect => {
  if (bytes.length < 0x40) return { defect: 'truncated', expectedSize: 0x40 }
  // A 64-bit image is only recognised, so that the message can name it; nothing here boots one.
  return { bits: 64, machine: bytes.readUInt16LE(0x12), entry: 0, segments: [] }
}

const complete = (bytes: Buffer, elf: ElfFile): ElfFile | ElfDefect => {
  const expectedSize = Math.max(0, ...elf.segments.map((it) => it.offset + it.fileSize))
  return expectedSize > bytes.length ? { defect: 'truncated', expectedSize } : elf
}
