import { longestPath } from '../formats/file-name-text.ts'
import { BootstandError } from '../core/errors.ts'
import { formatSize } from '../core/text.ts'
import type { RamdiskEntry, RamdiskTree } from './tree.ts'

/** The files of a ramdisk that was opened. */
export interface Listing {
  readonly tree: RamdiskTree
  /** Returns a regular file's bytes, by an entry of the tree. */
  readonly read: (entry: RamdiskEntry) => Buffer
}

/** Files of a ramdisk, and bytes of all their paths. Debian's initramfs has some 2,000 files. */
const most = { files: 200_000, pathBytes: 32 * 1024 ** 2 }

/** Collects the files of a ramdisk, the later of two with the same path. */
export class TreeCollector {
  readonly tree = new Map<string, RamdiskEntry>()
  readonly #file: string
  readonly #left = { ...most }

  /** @param file What the user calls the ramdisk. */
  constructor(file: string) {
    this.#file = file
  }

  /** @throws {BootstandError} when there are more than a ramdisk has: a small image can claim gigabytes of names. */
  add(entry: RamdiskEntry): void {
    const length = entry.path.length
    this.#left.files -= 1
    this.#left.pathBytes -= length
    if (this.#left.files < 0 || this.#left.pathBytes < 0)
      throw ramdiskError(
        `Expected at most ${most.files} files, with ${formatSize(most.pathBytes)} of paths, in ${this.#file}; found more.`,
      )
    if (length >= longestPath)
      throw ramdiskError(
        `Expected paths of less than ${longestPath} bytes in ${this.#file}, as Linux does; found ${length}.`,
      )
    this.tree.set(entry.path, entry)
  }
}

/** An error of the user's: the ramdisk is not as it must be. */
export const ramdiskError = (message: string, cause?: unknown): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message, { cause })
