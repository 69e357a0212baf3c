import path from 'node:path'
import type { BootstandError } from '../core/errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import { fileNameText, longestPath } from '../formats/file-name-text.ts'
import { isNewc, NewcDefect, readNewc, type NewcEntry } from '../formats/newc.ts'
import { largestBootFile, unpacksTooLarge } from '../host/unzip.ts'
import { ramdiskError, TreeCollector, type Listing } from './listing.ts'
import { typeOf, type EntryContent, type RamdiskEntry } from './tree.ts'
import { isPacked } from './unpack.ts'

/** A file, and the archive that has its bytes. */
interface Stored {
  readonly source: ByteSource
  readonly header: NewcEntry
}

/**
 * Lists cpio archives that follow each other, as Debian's initramfs has the processor's microcode before its own files.
 * A file's bytes are found by their place: its name may be anything.
 *
 * @param file What the user calls it.
 * @param unpackAt Unpacks the compressed archive that begins at an offset.
 * @throws {BootstandError} when it is no archive that Linux unpacks.
 */
export const listArchive = async (
  source: ByteSource,
  file: string,
  unpackAt: (offset: number) => Promise<ByteSource>,
): Promise<Listing> => {
  const collector = new TreeCollector(file)
  const stored = new Map<string, Stored>()
  const add = (it: Stored) => {
    const entry = entryOf(it, file)
    collector.add(entry)
    stored.set(entry.path, it)
  }
  const packed = addArchives(source, file, add)
  if (packed !== undefined) {
    const again = addArchives(await unpackAt(packed), file, add)
    if (again !== undefined) throw ramdiskError(`${file} has a compressed archive within another.`)
  }
  // Only one of a file's names has its bytes.
  const homes = new Map(
    [...stored.values()]
      .filter(({ header }) => header.links > 1 && header.size > 0)
      .map((it) => [it.header.identity, it]),
  )
  const home = (name: string): Stored => {
    const it = stored.get(name)!
    return it.header.links > 1 ? (homes.get(it.header.identity) ?? it) : it
  }
  const tree = new Map(
    [...collector.tree].map(([name, it]) => [
      name,
      it.type === 'file' ? { ...it, size: home(name).header.size } : it,
    ]),
  )
  const read: Listing['read'] = ({ path: name }) => {
    const { source: from, header } = home(name)
    if (header.size > largestBootFile) throw unpacksTooLarge(file)
    return from.read(header.offset, header.size)
  }
  return { tree, read }
}

/** Adds the files of archives that are not compressed, and returns where a compressed one begins. */
const addArchives = (
  source: ByteSource,
  file: string,
  add: (it: Stored) => void,
): number | undefined => {
  let at = 0
  try {
    while (at < source.size) {
      const head = source.read(at, 6)
      if (!isNewc(head)) {
        if (isPacked(head) && at > 0) return at
        throw noArchive(file, head, at)
      }
      const headers = readNewc(source, at)
      let next = headers.next()
      for (; next.done !== true; next = headers.next()) add({ source, header: next.value })
      at = afterZeros(source, next.value)
    }
  } catch (error) {
    if (error instanceof NewcDefect)
      throw ramdiskError(`${file} cannot be read as a cpio archive: it ${error.message}.`, error)
    throw error
  }
  return undefined
}

/** The other forms of cpio: text, and binary in both byte orders. */
const otherForms = /^(?:070707|\xc7\x71|\x71\xc7)/

const noArchive = (file: string, head: Buffer, at: number): BootstandError => {
  if (otherForms.test(head.toString('latin1')))
    return ramdiskError(
      `Expected a cpio archive of the form newc in ${file}, the only one that Linux unpacks; found another form. Pack it with \`cpio -H newc\`.`,
    )
  return ramdiskError(
    at === 0
      ? `Expected a ramdisk, an ext2 file system or a cpio archive, perhaps zipped, at ${file}; found neither.`
      : `Expected another archive, or only zeros, after the cpio archive in ${file}; found something else at byte ${at}.`,
  )
}

const piece = 65_536

const afterZeros = ({ read, size }: ByteSource, start: number): number => {
  for (let at = start; at < size; at += piece) {
    const index = read(at, piece).findIndex((byte) => byte !== 0)
    if (index !== -1) return at + index
  }
  return size
}

const entryOf = (it: Stored, file: string): RamdiskEntry => {
  const { name, mode, uid, gid } = it.header
  // The root has no parent, and `./bin` is `bin`.
  const inside = path.posix.normalize(`/${name}`).replaceAll(/^\/|\/$/g, '')
  return { path: inside, mode: mode & 0o7777, uid, gid, ...contentOf(it, file) }
}

const contentOf = ({ source, header }: Stored, file: string): EntryContent => {
  const { mode, size, offset, device } = header
  const type = typeOf(mode)
  if (type === 'file') return { type, size }
  if (type === 'char' || type === 'block') return { type, ...device }
  if (type !== 'link') return { type }
  if (size > longestPath)
    throw ramdiskError(
      `Expected links of at most ${longestPath} bytes in ${file}, as Linux does; found ${size}.`,
    )
  return { type, target: fileNameText(source.read(offset, size)) }
}
