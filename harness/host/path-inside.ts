import fs from 'node:fs'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import { printable } from '../core/printable.ts'

/** How `pathInside` treats symbolic links below its root. */
export interface PathInsideOptions {
  /**
   * `inside` (the default) rejects a link that leads out of the root: the folder was sent by somebody else. `follow`
   * allows it: the folder is the user's own, and its links are, too.
   */
  readonly links?: 'inside' | 'follow'
  /** What the path is, for the message, such as `the module of the menu`; `the path` by default. */
  readonly what?: string
}

/**
 * Joins a folder and a path that came from a file, and proves that the result is inside that folder. An absolute path
 * counts from the folder, as in a boot medium. The file need not exist.
 *
 * @returns an absolute path.
 * @throws {BootstandError} `BOOTSTAND_PATH` when the result would be outside.
 */
export const pathInside = (
  root: string,
  foreign: string,
  { links = 'inside', what = 'the path' }: PathInsideOptions = {},
): string => {
  const outside = (reason: string) =>
    new BootstandError(
      'BOOTSTAND_PATH',
      'usage',
      `Expected ${what} to stay inside ${root}, found "${printable(foreign)}", which ${reason}.`,
    )
  if (foreign.includes('\0')) throw outside('contains a NUL byte')
  const folder = path.resolve(root)
  const joined = path.join(folder, foreign)
  if (!isInside(folder, joined)) throw outside('leads out of it')
  if (links === 'inside' && !isInside(realPathOf(folder), realPathOf(joined)))
    throw outside('is a link, or below a link, that leads out of it')
  return joined
}

/** Returns whether a path is a folder or below it. Both are absolute and normalised. */
const isInside = (folder: string, candidate: string): boolean => {
  const relative = path.relative(folder, candidate)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

/** Resolves the links of a path as far as it exists. A link that leads to itself or to nothing counts as outside. */
const realPathOf = (file: string): string => {
  try {
    return fs.realpathSync(file)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR')
      return path.parse(file).root
    // A dangling link exists although its target does not.
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink())
      return path.parse(file).root
    return path.join(realPathOf(path.dirname(file)), path.basename(file))
  }
}
