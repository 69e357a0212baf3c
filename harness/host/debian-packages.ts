import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'

/**
 * The package that a metapackage stands for.
 *
 * @throws {BootstandError} when apt knows of none.
 */
export const dependencyOf = async (metapackage: string, name: RegExp): Promise<string> => {
  const { stdout } = await execa('apt-cache', ['depends', metapackage], { reject: false })
  const found = stdout
    .split('\n')
    .map((line) => /^\s*Depends: (\S+)/.exec(line)?.[1])
    .find((it) => it !== undefined && name.test(it))
  if (found !== undefined) return found
  throw unavailable(`apt does not know what ${metapackage} stands for`)
}

/** Which packages, and of which machines. */
export interface PackageOptions {
  /** Debian's name of an architecture; the machine's own without. */
  readonly architecture?: string
}

/**
 * Downloads Debian packages and unpacks them, one over the other; nothing is installed.
 *
 * @param folder An empty one, or one that has nothing in their way.
 * @returns the folder that they are unpacked in.
 * @throws {BootstandError} with the code `BOOTSTAND_GUESTS` when they are not to be had.
 */
export const debianPackages = async (
  names: readonly string[],
  folder: string,
  { architecture }: PackageOptions = {},
): Promise<string> => {
  const qualified = names.map((it) => (architecture === undefined ? it : `${it}:${architecture}`))
  const failed =
    (await aptIn(folder, ['download', ...qualified])) &&
    (architecture === undefined || (await downloadForeign(qualified, folder, architecture)))
  if (failed) throw unavailable(`apt-get could not download ${names.join(' ')}`)
  const target = path.join(folder, 'unpacked')
  await fs.mkdir(target)
  for (const file of await fs.readdir(folder))
    if (file.endsWith('.deb')) await execa('dpkg-deb', ['-x', file, target], { cwd: folder })
  return target
}

/** Downloads by lists of another architecture, which the machine need not have, from the machine's sources. */
const downloadForeign = async (
  names: readonly string[],
  folder: string,
  architecture: string,
): Promise<boolean> => {
  await fs.mkdir(path.join(folder, 'lists/partial'), { recursive: true })
  const own = [
    ...['APT::Architecture', 'APT::Architectures'].map((it) => `${it}=${architecture}`),
    ...['Dir::State', 'Dir::Cache'].map((it) => `${it}=${folder}`),
    ...['Dir::State::status=/dev/null', 'Acquire::Languages=none'],
  ].flatMap((it) => ['-o', it])
  // One of several sources may fail: whether it was needed shows when a package is asked for.
  await aptIn(folder, [...own, 'update'])
  return await aptIn(folder, [...own, 'download', ...names])
}

/**
 * Runs apt-get where its downloads are to lie.
 *
 * @returns whether it failed.
 */
export const aptIn = async (folder: string, words: readonly string[]): Promise<boolean> => {
  // As root apt would warn that its own user cannot write here.
  const all = ['-q', '-o', 'APT::Sandbox::User=root', ...words]
  const result = await execa('apt-get', all, { cwd: folder, reject: false, stdin: 'ignore' })
  return result.failed
}

const unavailable = (what: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_GUESTS',
    'host',
    `${what}. Run \`sudo apt-get update\`, then try again; without a Debian mirror name a directory with images.`,
  )
