import { mediumFile } from './folder-medium.ts'
import type { Medium } from './medium.ts'

/** A file that is in memory already. */
export interface GivenFile {
  readonly path: string
  readonly bytes: Buffer
  readonly modified?: number
}

/** A medium of files that are in memory, such as a scenario's images. */
export const memoryMedium = (files: readonly GivenFile[]): Medium => {
  const byPath = new Map(
    files.map((it) => [it.path, mediumFile(it.path, it.bytes, it.modified ?? 0)]),
  )
  return {
    find: (path) => byPath.get(path),
    list: () => [...byPath.values()],
  }
}
