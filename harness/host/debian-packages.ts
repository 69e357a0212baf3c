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

/**
 * Downloads Debian packages and unpacks them, one over the other; nothing is installed.
 *
 * @param folder An empty one, or one that has nothing in their way.
 * @returns the folder that they are unpacked in.
 * @throws {BootstandError} with the code `BOOTSTAND_GUESTS` when they are not to be had.
 */
export const debianPackages = async (names: readonly string[], folder: string): Promise<string> => {
  // As root apt would warn that its own user cannot write here.
  const words = ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...names]
  const download = await execa('apt-get', words, { cwd: folder, reject: false, stdin: 'ignore' })
  if (download.failed) throw unavailable(`apt-get could not download ${names.join(' ')}`)
  const target = path.join(folder, 'unpacked')
  await fs.mkdir(target)
  for (const file of await fs.readdir(folder))
    if (file.endsWith('.deb')) await execa('dpkg-deb', ['-x', file, target], { cwd: folder })
  return target
}

const unavailable = (what: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_GUESTS',
    'host',
    `${what}. Run \`sudo apt-get update\`, then try again; without a Debian mirror name a directory with images.`,
  )
