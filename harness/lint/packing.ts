import { loadSpanOf, multibootEnd, type AddressSpan } from './look.ts'
import { onceEach } from './once-each.ts'
import type { EntryView } from './subject.ts'

const page = 0x1000
const alignedTo = (address: number, alignment: number): number =>
  Math.ceil(address / alignment) * alignment

/** Where GRUB puts the modules of an entry, as far as their files are known: the rest is nothing. */
export const moduleSpans = ({ kernel, modules }: EntryView): (AddressSpan | undefined)[] => {
  let next = kernel?.bytes === undefined ? undefined : endOfKernel(kernel.bytes)
  return modules.map(({ bytes }) => {
    if (next === undefined || bytes === undefined) {
      next = undefined
      return undefined
    }
    // load_module of stage2/boot.c.
    const start = alignedTo(next, page)
    next = start + bytes.length
    return { start, end: next }
  })
}

const endOfKernel = (bytes: Buffer): number | undefined => multibootEnd(bytes) ?? endOfElf(bytes)

/**
 * Behind the kernel's segments GRUB puts its section table and each section that has no address of
 * its own, such as symbols: load_image of stage2/boot.c.
 */
const endOfElf = onceEach((bytes: Buffer): number | undefined => {
  const span = loadSpanOf(bytes)
  if (span === undefined) return undefined
  const table = { at: bytes.readUInt32LE(0x20), entry: 0x28, count: bytes.readUInt16LE(0x30) }
  const size = table.entry * table.count
  if (table.count === 0 || table.at + size > bytes.length) return span.end
  let end = alignedTo(span.end, page) + size
  for (let at = table.at; at < table.at + size; at += table.entry) {
    const [address, , length] = [0x0c, 0x10, 0x14].map((field) => bytes.readUInt32LE(at + field))
    if (address !== 0 || length === 0) continue
    // GRUB adds the whole alignment before it masks.
    const alignment = Math.max(1, bytes.readUInt32LE(at + 0x20))
    end = Math.floor((end + alignment) / alignment) * alignment + length!
  }
  return end
})
