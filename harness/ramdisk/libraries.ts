import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { needsOf, satisfier, type Need } from './needs.ts'
import type { SourceEntry } from './manifest-entry.ts'
import type { SourceTree } from './sources.ts'
import { foldersAbove, realPath } from './tree.ts'

/**
 * Adds the dynamic linkers and libraries that programs of the tree need, and those that they need in turn.
 *
 * @param sysroot Where they are looked for, such as `/` or a foreign system's root.
 * @returns paths of what was added.
 * @throws {BootstandError} naming what is to be found nowhere.
 */
export const addLibraries = async (tree: SourceTree, sysroot: string): Promise<string[]> => {
  const added: string[] = []
  const left: SourceEntry[] = [...tree.values()].filter((it) => it.type === 'file')
  for (let program = left.shift(); program !== undefined; program = left.shift()) {
    const bytes = await read(program)
    // A script's interpreter is a program of its own, not a library.
    if (bytes.subarray(0, 2).toString('latin1') === '#!') continue
    for (const need of needsOf(bytes)) {
      if ((await satisfier(need, tree, read)) !== undefined) continue
      const entry = await fromSysroot(need, sysroot, tree)
      if (entry === undefined) throw missing(need, program.path, sysroot)
      for (const folder of foldersAbove(entry.path)) {
        if (!tree.has(folder)) tree.set(folder, { path: folder, ...owned, type: 'dir' })
      }
      tree.set(entry.path, entry)
      added.push(entry.path)
      left.push(entry)
    }
  }
  return added
}

const owned = { mode: 0o755, uid: 0, gid: 0 }

const read = async (entry: SourceEntry): Promise<Buffer> => await fs.readFile(entry.contents!)

const fromSysroot = async (
  need: Need,
  sysroot: string,
  tree: SourceTree,
): Promise<SourceEntry | undefined> => {
  for (const place of need.places) {
    const contents = path.resolve(sysroot, place)
    const bytes = await fs.readFile(contents).catch(() => undefined)
    if (bytes === undefined || !need.fits(bytes)) continue
    const name = realPath(tree, place)
    if (name === undefined) continue
    return { path: name, ...owned, type: 'file', size: bytes.length, contents }
  }
  return undefined
}

const missing = (need: Need, program: string, sysroot: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_RAMDISK',
    'usage',
    `${program} needs ${need.name}, and below ${path.resolve(sysroot)} there is none for its processor at ${need.places.join(', ')}. ` +
      'Put it into the ramdisk, or name a directory that has it with --sysroot DIR.',
  )
