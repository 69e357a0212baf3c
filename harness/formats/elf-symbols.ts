/** A name in an ELF file for a place in memory. */
export interface ElfSymbol {
  readonly name: string
  /** Virtual address. */
  readonly address: number
  /** Bytes; 0 where the file does not say, as assemblers do not. */
  readonly size: number
  readonly binding: 'local' | 'global' | 'weak'
}

/** System V ABI, chapter 4: kinds of sections, symbols and bindings, and a section index. */
const symbolTable = 2
const code = new Set([0, 2])
const variable = 1
const bindings = ['local', 'global', 'weak'] as const
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

function* read(bytes: Buffer, kinds: ReadonlySet<number>): Generator<ElfSymbol> {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 1 || bytes[5] !== 1) return
  const table = bytes.readUInt32LE(0x20)
  const count = bytes.readUInt16LE(0x30)
  const section = (index: number) => {
    const at = table + index * bytes.readUInt16LE(0x2e)
    const field = (offset: number) => bytes.readUInt32LE(at + offset)
    return { kind: field(0x04), offset: field(0x10), size: field(0x14), link: field(0x18) }
  }
  for (let index = 0; index < count; index++) {
    const symbols = section(index)
    if (symbols.kind !== symbolTable) continue
    const names = section(symbols.link)
    for (let at = symbols.offset; at + 16 <= symbols.offset + symbols.size; at += 16) {
      const information = bytes.readUInt8(at + 12)
      const inSection = bytes.readUInt16LE(at + 14)
      const binding = bindings[information >> 4]
      // Neither files, sections and data, nor what is defined elsewhere or is no address.
      if (!kinds.has(information & 0xf) || binding === undefined) continue
      if (inSection === 0 || inSection >= firstReservedSection) continue
      const start = names.offset + bytes.readUInt32LE(at)
      const name = bytes.toString('latin1', start, bytes.indexOf(0, start))
      if (name === '') continue
      yield { name, address: bytes.readUInt32LE(at + 4), size: bytes.readUInt32LE(at + 8), binding }
    }
  }
}

/** Where a 32-bit ELF file has code: its executable sections' virtual addresses, ends not included. */
export const elfCodeRanges = (bytes: Buffer): { low: number; high: number }[] => {
  try {
    if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 1 || bytes[5] !== 1) return []
    const table = bytes.readUInt32LE(0x20)
    return Array.from({ length: bytes.readUInt16LE(0x30) }, (_, index) => {
      const at = table + index * bytes.readUInt16LE(0x2e)
      const low = bytes.readUInt32LE(at + 0x0c)
      const isCode = (bytes.readUInt32LE(at + 0x08) & executable) !== 0
      return { low, high: isCode ? low + bytes.readUInt32LE(at + 0x14) : low }
    }).filter(({ low, high }) => high > low)
  } catch {
    return []
  }
}
