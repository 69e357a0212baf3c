import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import type { Image } from '../bootset/images.ts'
import { printable } from '../core/printable.ts'
import { formatSize } from '../core/text.ts'
import { pathInside } from '../host/path-inside.ts'

/** Where GRUB's own files lie on a medium. */
const grubFolder = 'boot'

/** Writes the images under the names that the menu uses, so that the run can be repeated. */
export const stageImages = async (images: readonly Image[], folder: string): Promise<void> => {
  const byName = new Map<string, Buffer>()
  for (const { name, bytes, path: found } of images) {
    if (byName.get(name)?.equals(bytes) === false) {
      throw new BootstandError(
        'BOOTSTAND_IMAGES',
        'bootset',
        `Two different files want the name ${name} on the boot medium, one of them ${found}. Rename one.`,
      )
    }
    byName.set(name, bytes)
  }
  if (byName.has(grubFolder)) {
    throw new BootstandError(
      'BOOTSTAND_IMAGES',
      'bootset',
      `No file on the boot medium can be called "${grubFolder}": GRUB's folder has that name. Rename it.`,
    )
  }
  await fs.mkdir(folder, { recursive: true })
  await Promise.all(
    [...byName].map(async ([name, bytes]) => {
      const file = pathInside(folder, name, { what: 'the name of a boot file' })
      await fs.mkdir(path.dirname(file), { recursive: true })
      await fs.writeFile(file, bytes)
    }),
  )
}

/** Whoever names more than this has named a home or a whole system, not a boot medium. */
const most = { files: 20_000, bytes: 2 * 1024 ** 3 }

/**
 * Copies a directory as it is; what a link leads to is copied in its place. Sockets, devices and
 * links that lead nowhere are left out.
 *
 * @throws {BootstandError} when it cannot be read, leads back into itself, or is no boot medium by
 * its size.
 */
export const stageDirectory = async (root: string, folder: string): Promise<void> => {
  const left = { ...most }
  /** @param above Real paths of the directories that it lies in. */
  const copy = async (from: string, to: string, above: readonly string[]): Promise<void> => {
    const stat = await fs.stat(from).catch(() => undefined)
    // Node gives bytes that are not UTF-8 as U+FFFD, by which no file is found again.
    if (stat === undefined && path.basename(from).includes('\ufffd'))
      throw rootError(
        `Expected file names of UTF-8 in ${root}, found "${printable(from)}". Rename the file.`,
      )
    if (stat?.isFile()) {
      left.files -= 1
      left.bytes -= stat.size
      if (left.files < 0 || left.bytes < 0) throw tooMuch(root)
      await fs.copyFile(from, to)
      // The run folder may lie below the root.
    } else if (stat?.isDirectory() && path.resolve(from) !== path.resolve(folder)) {
      const real = await fs.realpath(from)
      if (above.includes(real)) throw loop(from, real)
      await fs.mkdir(to, { recursive: true })
      for (const name of await fs.readdir(from)) {
        await copy(path.join(from, name), path.join(to, name), [...above, real])
      }
    }
  }
  await copy(root, folder, []).catch((error: unknown) => {
    const code = systemCode(error)
    if (error instanceof BootstandError || code === undefined) throw error
    // The run folder's disk, which whoever calls explains.
    if (['ENOSPC', 'EDQUOT', 'EROFS'].includes(code)) throw error
    throw rootError(`${(error as NodeJS.ErrnoException).path} cannot be read (${code}).`)
  })
}

const tooMuch = (root: string): BootstandError =>
  rootError(
    `Expected a boot medium's files in ${root}, found more than ${most.files} files or ` +
      `${formatSize(most.bytes)}. Name a directory with what is to be booted.`,
  )

const loop = (link: string, real: string): BootstandError =>
  rootError(
    `Expected a boot medium's files in ${path.dirname(link)}, found the link ${link}, which leads back ` +
      `to ${real}, a directory that it lies in. Remove it, or name a directory without it.`,
  )

const rootError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_ROOT', 'bootset', message)
