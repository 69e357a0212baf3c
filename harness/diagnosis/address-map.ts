import { isElfDefect, parseElf, type Segment } from '../formats/elf.ts'
import { byStrength } from '../formats/elf-functions.ts'
import { elfSymbols, type ElfSymbol } from '../formats/elf-symbols.ts'

/** A file of a boot set, as it was booted. */
export interface BootedFile {
  /** Its name on the boot medium. */
  readonly name: string
  readonly bytes: Buffer
  /** Whether it runs in ring 0; judged by its place among the files and by its segments otherwise. */
  readonly runsAsKernel?: boolean
}

/** A file of a boot set, and where it lies. */
export interface ImageFile extends BootedFile {
  /** Of the file that was found, zipped or not. */
  readonly path: string
}

/** What lies at an address of a booted guest. */
export interface Place {
  /** The file's name on the boot medium. */
  readonly image: string
  /** The routine, as its compiler named it, where the file has names. */
  readonly symbol?: string
  /** Bytes from the routine's beginning. */
  readonly offset?: number
  /** Where this is linked, if it was met at its physical address: before the kernel switches paging on. */
  readonly linkedAt?: number
}

/** Finds what lies at virtual addresses, and of a kernel at physical ones where nothing else lies. */
export interface AddressMap {
  /**
   * @param ring The processor's privilege level: 0 is the kernel's.
   * @returns Nothing when no file of the boot set lies there; several when more than one may.
   */
  readonly find: (address: number, ring: number) => readonly Place[]
}

interface MappedImage {
  readonly name: string
  readonly runsAsKernel: boolean
  readonly segments: readonly Segment[]
  readonly symbols: readonly ElfSymbol[]
}

/** Maps the files of a boot set, the multiboot kernel first, into the guest's address spaces. */
export const addressMap = (files: readonly BootedFile[]): AddressMap => {
  const images = files.flatMap(({ name, bytes, runsAsKernel: known }, index): MappedImage[] => {
    const elf = parseElf(bytes)
    if (isElfDefect(elf) || elf.segments.length === 0) return []
    // A kernel is loaded elsewhere than it is linked; a program is not. The loader runs in ring 0, too.
    const runsAsKernel =
      known ?? (index === 0 || elf.segments.some((it) => it.virtual !== it.physical))
    return [{ name, runsAsKernel, segments: elf.segments, symbols: elfSymbols(bytes) }]
  })
  const find = (address: number, ring: number): Place[] => {
    const fitting = images.filter((it) => it.runsAsKernel === (ring === 0))
    const places = fitting
      .filter(({ segments }) => segments.some((it) => lies(address, it.virtual, it.memorySize)))
      .map((it) => placeIn(it, address))
    return places.length > 0 ? places : fitting.flatMap((it) => physicalPlaceIn(it, address))
  }
  return { find }
}

const lies = (address: number, low: number, size: number): boolean =>
  address >= low && address < low + size

const physicalPlaceIn = (image: MappedImage, address: number): Place[] => {
  const segment = image.segments.find((it) => lies(address, it.physical, it.memorySize))
  if (segment === undefined) return []
  const linkedAt = address - segment.physical + segment.virtual
  return [{ ...placeIn(image, linkedAt), linkedAt }]
}

const placeIn = ({ name: image, symbols }: MappedImage, address: number): Place => {
  const last = symbols.findLastIndex((it) => it.address <= address)
  if (last === -1) return { image }
  // Several names may stand for one place: getc and its alias.
  const { address: start } = symbols[last]!
  const names = symbols.filter((it) => it.address === start).toSorted(byStrength)
  const fitting = names.find((it) => address < it.end)
  if (fitting === undefined) return { image }
  return { image, symbol: fitting.name, offset: address - start }
}
