import { codeInLog, type LoggedCode } from '../formats/code-log.ts'
import { isElfDefect, parseElf, type Segment } from '../formats/elf.ts'
import { elfFunctions, type ElfFunction } from '../formats/elf-functions.ts'
import { elfCodeRanges } from '../formats/elf-symbols.ts'
import type { ImageFile } from './address-map.ts'

/** A routine, and how much of it the guest came to. */
export interface CoveredFunction extends ElfFunction {
  /** Bytes. */
  readonly reached: number
}

/** Which code of an image a guest came to. */
export interface ImageCoverage {
  readonly image: string
  /** Of the image's file. */
  readonly path: string
  /** By their addresses; none in a file without names. */
  readonly functions: readonly CoveredFunction[]
  /** Whether the guest came to the instruction of which the byte at a virtual address is a part. */
  readonly isReached: (address: number) => boolean
}

/** Where memory holds code of the images, for QEMU's `-dfilter`: ends not included. */
export const codeRanges = (files: readonly { readonly bytes: Buffer }[]) =>
  files.flatMap(({ bytes }) => {
    const elf = parseElf(bytes)
    if (isElfDefect(elf)) return []
    return elfCodeRanges(bytes).flatMap(({ low, high }) => {
      const segment = elf.segments.find((it) => holds(it, 'virtual', low))
      if (segment === undefined) return []
      // Before a kernel switches paging on it runs at its physical address.
      const moved = low - segment.virtual + segment.physical
      const ranges = [
        { low, high },
        { low: moved, high: moved + high - low },
      ]
      return moved === low ? ranges.slice(0, 1) : ranges
    })
  })

const holds = ({ memorySize, ...segment }: Segment, by: 'virtual' | 'physical', address: number) =>
  address >= segment[by] && address < segment[by] + memorySize

/**
 * Tells which routines of the images were reached.
 *
 * @param log QEMU's, with the code that it has translated. What lies at an address of an image counts where its
 *   bytes are the image's: a loader or another program may have been there before.
 */
export const imageCoverage = (files: readonly ImageFile[], log: string): ImageCoverage[] => {
  const images = files.flatMap((file) => {
    const elf = parseElf(file.bytes)
    return isElfDefect(elf) || elf.segments.length === 0
      ? []
      : [{ file, segments: elf.segments, reached: new Set<number>() }]
  })
  for (const code of codeInLog(log)) {
    const found =
      images.find((it) => linkedAddress(it, code, 'virtual') !== undefined) ??
      images.find((it) => linkedAddress(it, code, 'physical') !== undefined)
    if (found === undefined) continue
    const start = linkedAddress(found, code, 'virtual') ?? linkedAddress(found, code, 'physical')!
    for (const index of code.bytes.keys()) found.reached.add(start + index)
  }
  return images.map(({ file: { name: image, path, bytes }, reached }) => {
    const isReached = (address: number) => reached.has(address)
    const functions = elfFunctions(bytes).map((it) => ({ ...it, reached: count(it, isReached) }))
    return { image, path, functions, isReached }
  })
}

/** What several boots of the same images came to, together. */
export const joinedCoverage = (boots: readonly (readonly ImageCoverage[])[]): ImageCoverage[] => {
  const joined = new Map<string, ImageCoverage>()
  for (const { image, path, functions, isReached } of boots.flat()) {
    const shape = functions.map(({ name, address, size }) => `${name} ${address} ${size}`)
    const key = [image, ...shape].join('\n')
    const before = joined.get(key)?.isReached
    const either = (address: number) => isReached(address) || before?.(address) === true
    const together = functions.map((it) => ({ ...it, reached: count(it, either) }))
    joined.set(key, { image, path, functions: together, isReached: either })
  }
  return [...joined.values()]
}

const count = ({ address, size }: ElfFunction, isReached: (address: number) => boolean): number => {
  let bytes = 0
  for (let at = address; at < address + size; at++) if (isReached(at)) bytes++
  return bytes
}

/** Where code is linked that was met at a virtual or a physical address, if it is the image's. */
const linkedAddress = (
  { file, segments }: { readonly file: ImageFile; readonly segments: readonly Segment[] },
  { address, bytes }: LoggedCode,
  by: 'virtual' | 'physical',
): number | undefined => {
  const segment = segments.find((it) => holds(it, by, address))
  if (segment === undefined) return undefined
  const at = segment.offset + address - segment[by]
  return file.bytes.subarray(at, at + bytes.length).equals(bytes)
    ? address - segment[by] + segment.virtual
    : undefined
}
