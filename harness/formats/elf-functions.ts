import { elfCodeRanges, elfSymbols, type ElfSymbol } from './elf-symbols.ts'

/** A routine in an ELF file. */
export interface ElfFunction {
  /** As its compiler named it. */
  readonly name: string
  /** Virtual address. */
  readonly address: number
  /** Bytes; where the file does not say, up to the next name. */
  readonly size: number
}

/** The routines of a 32-bit ELF file, by their addresses. Labels within a routine are none. Never throws. */
export const elfFunctions = (bytes: Buffer): ElfFunction[] => {
  const ranges = elfCodeRanges(bytes)
  const symbols = elfSymbols(bytes)
  const functions: ElfFunction[] = []
  for (const [index, { address }] of symbols.entries()) {
    const range = ranges.find(({ low, high }) => address >= low && address < high)
    const last = functions.at(-1)
    // Several names may stand for one place: getc and its alias.
    if (range === undefined || last?.address === address) continue
    const same = symbols.filter((it) => it.address === address).toSorted(byStrength)
    const { name, size, end } = same[0]!
    if (size === 0 && last !== undefined && address < last.address + last.size) continue
    const next = symbols.slice(index).find((it) => it.address > address)?.address ?? end
    functions.push({ name, address, size: size === 0 ? Math.min(next, end) - address : size })
  }
  return functions
}

const strengths: Record<ElfSymbol['binding'], number> = { global: 0, weak: 1, local: 2 }

/** Of several names for one place, the one that people know comes first. */
export const byStrength = (a: ElfSymbol, b: ElfSymbol): number =>
  Number(a.size === 0) - Number(b.size === 0) || strengths[a.binding] - strengths[b.binding]
