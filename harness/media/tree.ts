import fs from 'node:fs/promises'
import path from 'node:path'

/** What lies below a folder. Paths are relative to it; parents come before their children. */
export interface Tree {
  readonly folders: readonly string[]
  readonly files: readonly TreeFile[]
}

export interface TreeFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** Lists a folder in an order that does not depend on the file system it lies on. */
export const readTree = async (root: string): Promise<Tree> => {
  const entries = await fs.readdir(root, { recursive: true, withFileTypes: true })
  const named = entries
    .map((entry) => ({ entry, path: path.relative(root, path.join(entry.parentPath, entry.name)) }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const files = named
    .filter(({ entry }) => entry.isFile())
    .map(async (it) => ({ path: it.path, size: (await fs.stat(path.join(root, it.path))).size }))
  return {
    folders: named.filter(({ entry }) => entry.isDirectory()).map((it) => it.path),
    files: await Promise.all(files),
  }
}

/** Bytes that files take in a file system that gives away whole blocks. */
export const blocksOf = ({ files, folders }: Tree, blockSize: number): number =>
  files.reduce((sum, { size }) => sum + Math.ceil(size / blockSize), folders.length) * blockSize
