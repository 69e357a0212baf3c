/** A file of a ramdisk. The words for its type are those of mtree(5). */
export type RamdiskEntry = EntryOwner & EntryContent

/** What every file has. */
export interface EntryOwner {
  /** From the root, without a slash before it; the root itself is empty. */
  readonly path: string
  /** Permission bits, at most 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** What a file is. */
export type EntryContent =
  /** `size` in bytes. */
  | { readonly type: 'file'; readonly size: number }
  | { readonly type: 'dir' | 'fifo' | 'socket' }
  | { readonly type: 'link'; readonly target: string }
  | { readonly type: 'char' | 'block'; readonly major: number; readonly minor: number }

export type EntryType = EntryContent['type']

/** By the highest four bits of a mode (stat(2)). */
const typesOfModes: Readonly<Record<number, EntryType>> = {
  ...{ 0o01: 'fifo', 0o02: 'char', 0o04: 'dir', 0o06: 'block' },
  ...{ 0o10: 'file', 0o12: 'link', 0o14: 'socket' },
}

/** Returns what a mode says that a file is; a regular file where it says nothing known. */
export const typeOf = (mode: number): EntryType => typesOfModes[(mode >>> 12) & 0xf] ?? 'file'

/** Files by their paths. */
export type RamdiskTree<Entry extends RamdiskEntry = RamdiskEntry> = ReadonlyMap<string, Entry>

/** As many symbolic links as Linux follows for one path. */
const mostLinks = 40

/**
 * The path that a path leads to inside of the tree, all symbolic links followed; what is behind the last
 * directory that is there stays as it is. Nothing for a loop.
 *
 * @param path From the root, with or without a slash before it.
 */
export const realPath = (tree: RamdiskTree, path: string): string | undefined => {
  const left = path.split('/')
  let links = 0
  let here: string[] = []
  while (left.length > 0) {
    const name = left.shift()!
    if (name === '' || name === '.') continue
    if (name === '..') {
      here = here.slice(0, -1)
      continue
    }
    const entry = tree.get([...here, name].join('/'))
    if (entry?.type !== 'link') {
      here.push(name)
      continue
    }
    links += 1
    if (links > mostLinks) return undefined
    if (entry.target.startsWith('/')) here = []
    left.unshift(...entry.target.split('/'))
  }
  return here.join('/')
}

/** The file that a path leads to. */
export const findEntry = <Entry extends RamdiskEntry>(
  tree: RamdiskTree<Entry>,
  path: string,
): Entry | undefined => tree.get(realPath(tree, path) ?? '')

/** Directories above a path, the root first. */
export const foldersAbove = (path: string): string[] => {
  const parts = path.split('/')
  return path === '' ? [] : parts.map((_, index) => parts.slice(0, index).join('/'))
}

/** The tree's files, parents before their children, in an order that does not depend on how it was read. */
export const inOrder = <Entry extends RamdiskEntry>(tree: RamdiskTree<Entry>): Entry[] =>
  [...tree.values()].toSorted((a, b) => compare(a.path.split('/'), b.path.split('/')))

const compare = (a: readonly string[], b: readonly string[]): number => {
  for (const [index, part] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (part !== other) return part < other ? -1 : 1
  }
  return a.length - b.length
}
