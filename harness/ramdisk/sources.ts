import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import { parseMtree } from '../formats/mtree.ts'
import { readMenu } from '../host/read-menu.ts'
import { entryOf, type SourceEntry } from './manifest-entry.ts'
import { foldersAbove } from './tree.ts'

export type SourceTree = Map<string, SourceEntry>

/**
 * Reads directories and manifests into one tree. What is named again takes the place of what was before;
 * directories that nobody names belong to root, with mode 0755.
 *
 * @throws {BootstandError} naming file and line of what cannot be taken.
 */
export const readSources = async (sources: readonly string[]): Promise<SourceTree> => {
  const tree: SourceTree = new Map()
  for (const source of sources) {
    const stat = await fs.stat(source).catch(() => undefined)
    if (stat?.isDirectory() === true) await readDirectory(source, tree)
    else await readManifest(source, tree)
  }
  for (const name of tree.keys()) {
    for (const folder of foldersAbove(name)) {
      const above = tree.get(folder)
      if (above === undefined) tree.set(folder, { ...rootOwned, path: folder, type: 'dir' })
      else if (above.type !== 'dir')
        throw wrong(`${name} cannot lie in ${folder}, which is no directory.`)
    }
  }
  if (!tree.has('')) tree.set('', { ...rootOwned, path: '', type: 'dir' })
  return tree
}

const rootOwned = { mode: 0o755, uid: 0, gid: 0 }

/** Whoever builds it, files belong to root. What a link leads to is not looked at. */
const readDirectory = async (root: string, tree: SourceTree): Promise<void> => {
  const read = async (name: string): Promise<void> => {
    const place = path.join(root, name)
    const stat = await (name === '' ? fs.stat(place) : fs.lstat(place))
    const base = { path: name, mode: stat.mode & 0o7777, uid: 0, gid: 0 }
    if (stat.isDirectory()) {
      tree.set(name, { ...base, type: 'dir' })
      for (const child of await fs.readdir(place)) await read(path.join(name, child))
    } else if (stat.isFile()) {
      await fs.access(place, fs.constants.R_OK)
      tree.set(name, { ...base, type: 'file', size: stat.size, contents: path.resolve(place) })
    } else if (stat.isSymbolicLink()) {
      tree.set(name, { ...base, type: 'link', target: await fs.readlink(place) })
    } else if (stat.isFIFO()) tree.set(name, { ...base, type: 'fifo' })
    else if (!stat.isSocket()) {
      const type = stat.isCharacterDevice() ? 'char' : 'block'
      tree.set(name, { ...base, type, ...deviceNumbers(stat.rdev) })
    }
  }
  await read('').catch((error: unknown) => {
    const code = systemCode(error)
    if (code === undefined) throw error
    throw wrong(`Cannot read ${(error as NodeJS.ErrnoException).path} (${code}).`)
  })
}

/** Linux's encoding of a device's numbers, include/linux/kdev_t.h. */
const deviceNumbers = (device: number) => ({
  major: (device >>> 8) & 0xfff,
  minor: (device & 0xff) | ((device >>> 12) & 0xfff00),
})

const readManifest = async (file: string, tree: SourceTree): Promise<void> => {
  const read = await readMenu(file)
  if ('defect' in read) {
    throw wrong(`Expected a directory or a manifest (mtree(5)) at ${file}, ${read.defect}.`)
  }
  const manifest = parseMtree(read.text)
  if ('defect' in manifest) throw wrong(`${file}:${manifest.line}: ${manifest.defect}.`)
  for (const record of manifest.records) {
    const wrongLine = (message: string) => wrong(`${file}:${record.line}: ${message}`)
    const entry = await entryOf(record, tree.get(record.path), path.dirname(file), wrongLine)
    if (entry !== undefined) tree.set(entry.path, entry)
  }
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message)
