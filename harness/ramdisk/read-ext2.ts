import type { ByteSource } from '../formats/byte-source.ts'
import { Ext2Defect, Ext2Files, rootInode, type Ext2Inode } from '../formats/ext2-files.ts'
import { fileNameText } from '../formats/file-name-text.ts'
import { largestBootFile } from '../host/unzip.ts'
import { ramdiskError, TreeCollector, type Listing } from './listing.ts'
import { typeOf, type EntryContent } from './tree.ts'

/** Bytes of all directories together. */
const mostDirectoryBytes = 64 * 1024 ** 2

/** A symbolic link of less bytes is in its inode. */
const shortLink = 60

/**
 * Lists an ext2 file system, a level of directories at a time.
 *
 * @param file What the user calls it.
 * @throws {BootstandError} when it is damaged so that it cannot be listed.
 */
export const listExt2 = (source: ByteSource, file: string): Listing => {
  const complaining = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (error instanceof Ext2Defect) throw ramdiskError(`${file} ${error.message}.`, error)
      throw error
    }
  }
  return complaining(() => {
    const files = new Ext2Files(source)
    const collector = new TreeCollector(file)
    const inodes = new Map<string, Ext2Inode>()
    for (const [path, inode] of walk(files)) {
      const { uid, gid } = inode
      collector.add({ path, mode: inode.mode & 0o7777, uid, gid, ...contentOf(inode, files) })
      inodes.set(path, inode)
    }
    const read: Listing['read'] = ({ path }) =>
      complaining(() => files.contents(inodes.get(path)!, largestBootFile))
    return { tree: collector.tree, read }
  })
}

const walk = function* (files: Ext2Files): Generator<[path: string, inode: Ext2Inode]> {
  const root = files.inode(rootInode)
  yield ['', root]
  const seen = new Set([rootInode])
  let left = mostDirectoryBytes
  let level: [string, Ext2Inode][] = [['', root]]
  while (level.length > 0) {
    const below: [string, Ext2Inode][] = []
    for (const [above, folder] of level) {
      const names = files.names(folder, left)
      left -= folder.size
      for (const { name, inode: number } of names) {
        // Linux does not find such a name.
        if (name === '.' || name === '..' || /[/\0]/.test(name)) continue
        const path = above === '' ? name : `${above}/${name}`
        const inode = files.inode(number)
        yield [path, inode]
        // A damaged file system may lead back into itself.
        if (typeOf(inode.mode) === 'dir' && !seen.has(number)) below.push([path, inode])
        seen.add(number)
      }
    }
    level = below
  }
}

const contentOf = (inode: Ext2Inode, files: Ext2Files): EntryContent => {
  const { mode, size, map } = inode
  const type = typeOf(mode)
  if (type === 'file') return { type, size }
  if (type === 'link') {
    const target = size < shortLink ? map.subarray(0, size) : files.contents(inode, longestTarget)
    return { type, target: fileNameText(target) }
  }
  return type === 'char' || type === 'block' ? { type, ...deviceIn(map) } : { type }
}

/** Bytes that Linux follows a link through. */
const longestTarget = 4096

/** The old encoding of a device's numbers, or the new one after it: fs/ext2/inode.c. */
const deviceIn = (map: Buffer): { major: number; minor: number } => {
  const [old, device] = [map.readUInt32LE(0), map.readUInt32LE(4)]
  return old === 0
    ? { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) }
    : { major: (old >>> 8) & 0xff, minor: old & 0xff }
}
