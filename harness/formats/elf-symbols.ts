import { elfSections, nameAt } from './elf-sections.ts'

/** A name in an ELF file for a place in memory. */
export interface ElfSymbol {
  readonly name: string
  /** Virtual address. */
  readonly address: number
  /** Bytes; 0 where the file does not say, as assemblers do not. */
  readonly size: number
  /** The address behind the last that it may name: by its size, else its section's end. */
  readonly end: number
  readonly binding: 'local' | 'global' | 'weak'
}

/** System V ABI, chapter 4: kinds of sections, symbols and bindings, and a section index. */
const symbolTable = 2
const code = new Set([0, 2])
const variable = 1
const bindings: Readonly<Record<number, ElfSymbol['binding']>> = {
  0: 'local',
  1: 'global',
  2: 'weak',
  // GNU: one in the whole program.
  10: 'global',
}
const firstReservedSection = 0xff00
const executable = 4

/**
 * The names of code in a 32-bit ELF file, by their addresses. Never throws: a file that is stripped, cut
 * off or no ELF file at all has none. Source: System V ABI, chapter 4.
 *
 * @param options.variables Whether those of variables are wanted too.
 */
export const elfSymbols = (bytes: Buffer, { variables = false } = {}): ElfSymbol[] => {
  try {
    const kinds = variables ? new Set([...code, variable]) : code
    return [...read(bytes, kinds)].toSorted((a, b) => a.address - b.address)
  } catch {
    return []
  }
}

/** More than any kernel has. Thousands of sections of a hostile file may all be the same table. */
const mostSymbols = 2 ** 20

function* read(bytes: Buffer, kinds: ReadonlySet<number>): Generator<ElfSymbol> {
  const sections = elfSections(bytes)
  let left = mostSymbols
  for (const symbols of sections) {
    if (symbols.kind !== symbolTable) continue
    const names = sections[symbols.link]!
    for (let at = symbols.offset; at + 16 <= symbols.offset + symbols.size; at += 16) {
      if (left-- === 0) return
      const information = bytes.readUInt8(at + 12)
      const inSection = bytes.readUInt16LE(at + 14)
      const binding = bindings[information >> 4]
      // Neither files, sections and data, nor what is defined elsewhere or is no address.
      if (!kinds.has(information & 0xf) || binding === undefined) continue
      if (inSection === 0 || inSection >= firstReservedSection) continue
      const name = nameAt(bytes, names.offset + bytes.readUInt32LE(at))
      if (name === '') continue
      const [address, size] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)]
      const section = sections[inSection]!
      const end = size > 0 ? address + size : section.address + section.size
      yield { name, address, size, end, binding }
    }
  }
}

/** Where a 32-bit ELF file has code: its executable sections' virtual addresses, ends not included. */
export const elfCodeRanges = (bytes: Buffer): { low: number; high: number }[] => {
  try {
    return elfSections(bytes)
      .filter(({ flags, size }) => (flags & executable) !== 0 && size > 0)
      .map(({ address, size }) => ({ low: address, high: address + size }))
  } catch {
    return []
  }
}
