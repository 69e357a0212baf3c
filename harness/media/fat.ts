import path from 'node:path'
import { printable } from '../core/printable.ts'
import { runTool } from '../host/run-tool.ts'
import { nameError } from './name-error.ts'
import { reproducibleEnvironment } from './reproducible.ts'
import { readTree } from './tree.ts'

/** Where in an image file a FAT file system goes, and how mformat is to make it. */
export interface FatPlace {
  readonly image: string
  /** Bytes from the image's beginning; 0 otherwise. */
  readonly offset?: number
  /** mformat's options for the geometry. */
  readonly format: readonly string[]
}

/** A volume's serial number is the time of day, unless it is told one. */
const serialNumber = 'b0075742'

/** Makes a FAT file system of what lies below `root`. */
export const writeFat = async (root: string, { image, offset, format }: FatPlace) => {
  const place = offset === undefined ? image : `${image}@@${offset}`
  const mtools = async (command: string, ...words: string[]) =>
    await runTool('mtools', ['-c', command, '-i', place, ...words], {
      cwd: root,
      // mtools doubts the geometry of partitions that no PC has made.
      env: { ...reproducibleEnvironment, MTOOLS_SKIP_CHECK: '1' },
    })
  const { folders, files } = await readTree(root)
  assertFatNames([...folders, ...files.map((it) => it.path)])
  await mtools('mformat', ...format, '-N', serialNumber, '-v', 'BOOTSTAND', '::')
  if (folders.length > 0) await mtools('mmd', ...folders.map((folder) => `::/${folder}`))
  // Folder by folder, since a recursive copy takes files in the order of the disk they lie on.
  for (const folder of ['.', ...folders]) {
    const inside = files.filter((file) => path.dirname(file.path) === folder)
    for (let at = 0; at < inside.length; at += mostWords) {
      const some = inside.slice(at, at + mostWords)
      await mtools('mcopy', ...some.map((file) => `./${file.path}`), `::/${folder}`)
    }
  }
}

/** Linux limits the bytes of a command's words. */
const mostWords = 256

/**
 * Checks that FAT can hold names as they are. mtools changes some without a word: of `a:b` it takes `a:` for a drive, and
 * `x.` becomes `x`.
 *
 * Source: Microsoft's FAT specification 1.03, section "Long directory entries".
 */
const assertFatNames = (paths: readonly string[]): void => {
  const found = new Map<string, string>()
  for (const it of paths) {
    const name = path.basename(it)
    if (unwritable.test(name))
      throw nameError(
        `Expected names that a FAT file system can hold, found "${printable(it)}". Rename the file, or boot with --method disk or iso.`,
      )
    const other = found.get(it.toLowerCase())
    if (other !== undefined)
      throw nameError(
        `Expected names that differ in more than their case on a FAT file system, found "${printable(other)}" and "${printable(it)}". Rename one, or boot with --method disk or iso.`,
      )
    found.set(it.toLowerCase(), it)
  }
}

/** Control characters and FAT's own, bytes that are not UTF-8, an end that is dropped, and DOS's devices. */
const unwritable =
  /[\x00-\x1f\x7f\ufffd"*:<>?|\\]|[. ]$|^(?:con|prn|aux|nul|clock\$|com\d|lpt\d)(?:\.|$)/i
