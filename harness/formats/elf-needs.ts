import { longestPath } from './file-name-text.ts'

/** What an ELF file asks its system for before it runs. */
export interface ElfNeeds {
  readonly bits: 32 | 64
  /** `e_machine`: 3 is i386, 62 is x86-64. */
  readonly machine: number
  /** The dynamic linker (PT_INTERP); a library and a static program have none. */
  readonly interpreter?: string
  /** Names of shared libraries (DT_NEEDED), in their order. */
  readonly libraries: readonly string[]
}

/** System V ABI, chapter 5: types of program headers, and tags of the dynamic section. */
const segmentTypes = { load: 1, dynamic: 2, interpreter: 3 } as const
const tags = { end: 0n, needed: 1n, stringTable: 5n } as const

/** Entries of a dynamic section. Programs of Debian have some 30, and up to 100 libraries. */
const mostEntries = 4096

/** Where the fields lie, in bytes: the file header, a program header, a dynamic entry. */
const layouts = {
  32: { table: 0x1c, count: 0x2c, header: 0x20, offset: 0x04, address: 0x08, size: 0x10, word: 4 },
  64: { table: 0x20, count: 0x38, header: 0x38, offset: 0x08, address: 0x10, size: 0x20, word: 8 },
} as const

/**
 * Reads what a little-endian ELF file needs. Nothing for bytes that are no such file, or are cut off.
 * Source: System V ABI, chapters 4 and 5.
 */
export const elfNeeds = (bytes: Buffer): ElfNeeds | undefined => {
  try {
    if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[5] !== 1) return undefined
    if (bytes[4] !== 1 && bytes[4] !== 2) return undefined
    return read(bytes, bytes[4] === 1 ? 32 : 64)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

const read = (bytes: Buffer, bits: 32 | 64): ElfNeeds => {
  const at = layouts[bits]
  const word = (offset: number): bigint =>
    at.word === 4 ? BigInt(bytes.readUInt32LE(offset)) : bytes.readBigUInt64LE(offset)
  const table = Number(word(at.table))
  const segments = Array.from({ length: bytes.readUInt16LE(at.count) }, (_, index): Segment => {
    const header = table + index * at.header
    const [offset, address, size] = [at.offset, at.address, at.size].map((it) =>
      Number(word(header + it)),
    )
    return { type: bytes.readUInt32LE(header), offset: offset!, address: address!, size: size! }
  })
  const interpreter = segments.find((it) => it.type === segmentTypes.interpreter)
  return {
    bits,
    machine: bytes.readUInt16LE(0x12),
    ...(interpreter !== undefined && { interpreter: textAt(bytes, interpreter.offset) }),
    libraries: libraries(bytes, segments, at.word, word),
  }
}

const libraries = (
  bytes: Buffer,
  segments: readonly Segment[],
  size: number,
  word: (offset: number) => bigint,
): string[] => {
  const dynamic = segments.find((it) => it.type === segmentTypes.dynamic)
  if (dynamic === undefined) return []
  const entries: { tag: bigint; value: number }[] = []
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 2 * size) {
    const tag = word(at)
    if (tag === tags.end) break
    if (entries.length === mostEntries) throw new RangeError('more entries than any program has')
    entries.push({ tag, value: Number(word(at + size)) })
  }
  const names = entries.find((it) => it.tag === tags.stringTable)?.value ?? 0
  const home = segments.find(
    ({ type, address, size: length }) =>
      type === segmentTypes.load && names >= address && names < address + length,
  )
  if (home === undefined) return []
  const table = names - home.address + home.offset
  return entries.filter((it) => it.tag === tags.needed).map((it) => textAt(bytes, table + it.value))
}

/** Returns the name at an offset, up to its NUL byte. Many entries can share one name, so its length is limited. */
const textAt = (bytes: Buffer, start: number): string => {
  const name = bytes.subarray(start, start + longestPath)
  const end = name.indexOf(0)
  if (end === -1) throw new RangeError('cut off')
  return name.toString('utf8', 0, end)
}
