import type { ByteSource } from './byte-source.ts'
import { fileNameText, longestPath } from './file-name-text.ts'

/** A file of an archive, as its header describes it. */
export interface NewcEntry {
  /** As stored, such as `./bin/sh`. */
  readonly name: string
  /** Type and permissions (stat(2)). */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Entries with the same identity and several links are the same file; the archive has its bytes once. */
  readonly links: number
  readonly identity: string
  readonly device: { readonly major: number; readonly minor: number }
  /** Where its bytes are. */
  readonly offset: number
  readonly size: number
}

/** What is wrong with an archive, as the rest of a sentence. */
export class NewcDefect extends Error {}

const headerSize = 110
const trailer = 'TRAILER!!!'
const aligned = (offset: number): number => Math.ceil(offset / 4) * 4

/** Returns whether bytes begin as an archive of the form `newc`, with or without checksums. */
export const isNewc = (head: Buffer): boolean => /^07070[12]/.test(head.toString('latin1', 0, 6))

/**
 * Reads the headers of a cpio archive of the form `newc`, the only one that Linux unpacks, one after the other. Files
 * are found by their place: no name is given to a program.
 *
 * Source: Linux' Documentation/driver-api/early-userspace/buffer-format.rst and init/initramfs.c.
 *
 * @param start Where the archive begins.
 * @returns where the next archive begins.
 * @throws {NewcDefect}
 */
export const readNewc = function* (
  { read, size }: ByteSource,
  start: number,
): Generator<NewcEntry, number> {
  for (let at = start; ;) {
    const header = read(at, headerSize).toString('latin1')
    if (header.length < headerSize) throw new NewcDefect(`is cut off at byte ${size}`)
    if (!/^07070[12][0-9a-fA-F]{104}$/.test(header))
      throw new NewcDefect(`has no header of an archived file at byte ${at}`)
    const field = (index: number) =>
      Number.parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16)
    const nameSize = field(11)
    if (nameSize === 0 || nameSize > longestPath)
      throw new NewcDefect(
        `has a name of ${nameSize} bytes at byte ${at}; Linux takes 1 to ${longestPath}`,
      )
    const bytes = read(at + headerSize, nameSize)
    const offset = aligned(at + headerSize + nameSize)
    const length = field(6)
    const end = aligned(offset + length)
    if (offset + length > size || bytes.length < nameSize)
      throw new NewcDefect(
        `is cut off: a file in it ends at byte ${offset + length}, it at ${size}`,
      )
    const ending = bytes.indexOf(0)
    const name = fileNameText(bytes.subarray(0, ending === -1 ? nameSize : ending))
    if (name === trailer) return end
    yield {
      name,
      ...{ mode: field(1), uid: field(2), gid: field(3), links: field(4) },
      // Only files of the same type are linked (init/initramfs.c).
      identity: `${field(7)} ${field(8)} ${field(0)} ${field(1) >> 12}`,
      device: { major: field(9), minor: field(10) },
      ...{ offset, size: length },
    }
    at = end
  }
}
