import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Where Bootstand itself lies: its stand-in guests, its configuration. */
export const packageRoot = path.resolve(import.meta.dirname, '../..')

const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
  readonly version: string
}

/** Bootstand's own version. */
export const packageVersion = version

/** Where the user's scenarios lie and runs are kept: the nearest folder upwards that has `scenarios`. */
export const projectRoot = (from = process.cwd()): string => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'scenarios'))) return folder
    if (folder === path.dirname(folder)) return packageRoot
  }
}

/** Things that can be made again at any time. */
export const cacheFolder = path.join(packageRoot, '.cache')

/** What a user's programs keep from one start to the next (XDG Base Directory Specification 0.8). */
export const stateFolder = (): string => {
  const given = process.env['XDG_STATE_HOME'] ?? ''
  const base = path.isAbsolute(given) ? given : path.join(os.homedir(), '.local/state')
  return path.join(base, 'bootstand')
}

/** Where Debian packages are unpacked that are not installed; checkouts may share one. */
export const packagesFolder = path.resolve(process.env['BOOTSTAND_PACKAGES'] ?? cacheFolder)

/** A path as a user would type it here: relative to the working directory when it is below it. */
export const shortPath = (absolute: string): string => {
  const relative = path.relative(process.cwd(), absolute)
  return relative === '' || relative.startsWith('..') ? absolute : relative
}
