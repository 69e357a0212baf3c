import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import type { BootFile, BootSet } from './boot-set.ts'
import { sha256OfBytes } from '../host/hash.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { largestBootFile, unzipped } from '../host/unzip.ts'
import { imageDefect } from './image-format.ts'

/** A boot file that was found and checked. */
export interface Image {
  readonly role: string
  /** Name on the boot medium: the file's own, without `.gz`. */
  readonly name: string
  readonly arguments: string
  /** As its boot file says. */
  readonly isInitrd?: boolean | undefined
  /** Where it was found. */
  readonly path: string
  /** Bytes of the found file, and its SHA-256 in hexadecimal. */
  readonly size: number
  readonly sha256: string
  /** SHA-256 of `bytes`, where the file was zipped. */
  readonly unzipped?: string
  /** What is booted: the file's bytes, unzipped as GRUB does. */
  readonly bytes: Buffer
}

/** The images of a boot set, in its order. */
export interface Images {
  readonly kernel: Image
  readonly modules: readonly Image[]
}

/** The images in the order in which they are loaded. */
export const imageList = ({ kernel, modules }: Images): readonly Image[] => [kernel, ...modules]

/** `make install` of Pistachio puts its programs here, below the prefix that people name. */
export const imageFolders = ['', 'libexec/l4'] as const
const endings = ['', '.gz']

/**
 * Finds the files of a boot set below a directory and checks that their loader can take them.
 *
 * @throws {BootstandError} that names every file that is missing or unusable; none is booted then.
 */
export const findImages = async (bootSet: BootSet, directory: string): Promise<Images> => {
  await assertDirectory(directory)
  const files = [bootSet.kernel, ...bootSet.modules]
  const results = await Promise.allSettled(files.map((file) => findImage(file, directory)))
  const problems = results.flatMap((it) => (it.status === 'rejected' ? [it.reason as Error] : []))
  const unexpected = problems.find((problem) => !(problem instanceof BootstandError))
  if (unexpected !== undefined) throw unexpected
  if (problems.length > 0) {
    throw new BootstandError(
      'BOOTSTAND_IMAGES',
      'bootset',
      problems.map((problem) => problem.message).join('\n'),
    )
  }
  const [kernel, ...modules] = results.map((it) => (it as PromiseFulfilledResult<Image>).value)
  return { kernel: kernel!, modules }
}

/** @throws {BootstandError} when there is no directory with images. */
export const assertDirectory = async (directory: string, option = '--images'): Promise<void> => {
  const stat = await fs.stat(directory).catch(() => undefined)
  if (stat?.isDirectory()) return
  const found = stat === undefined ? 'nothing' : 'a file'
  throw problem(
    `Expected a directory with boot images at ${directory}, found ${found}. ` +
      `Name the directory that holds what is booted with ${option} DIR.`,
  )
}

const findImage = async (file: BootFile, directory: string): Promise<Image> => {
  const names = file.names.flatMap((name) => endings.map((ending) => name + ending))
  for (const subfolder of imageFolders) {
    for (const name of names) {
      const candidate = path.join(directory, subfolder, name)
      const stored = await readIfPresent(candidate, file.role)
      if (stored !== undefined) return await check(file, candidate, stored)
    }
  }
  throw problem(
    `No ${file.role} in ${directory}: tried ${names.join(', ')}, there and in libexec/l4 below it. ` +
      `Put the file there, or name another directory with --images DIR.`,
  )
}

const readIfPresent = async (candidate: string, role: string): Promise<Buffer | undefined> => {
  const stat = await fs.stat(candidate).catch((error: unknown) => {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw problem(`The ${role} ${candidate} cannot be read (${code}). Replace it.`)
  })
  if (stat === undefined) return undefined
  return readRegularFile(candidate, { limit: largestBootFile, what: `the ${role}` })
}

const check = async (file: BootFile, found: string, stored: Buffer): Promise<Image> => {
  const reading = file.isInitrd === true ? Promise.resolve(stored) : unzipped(stored, found)
  const bytes = await reading.catch((error: unknown) => {
    if (error instanceof BootstandError) throw error
    throw problem(
      `The ${file.role} ${found} is a damaged gzip file (${(error as Error).message}). Copy or compress it again.`,
    )
  })
  const defect = imageDefect(bytes, file.format)
  if (defect !== undefined) throw problem(`The ${file.role} ${found} ${defect}`)
  const { role, arguments: words } = file
  const name = path.basename(found).replace(/\.gz$/, '')
  const { isInitrd } = file
  return imageOf({ role, name, arguments: words, isInitrd, path: found, bytes }, stored)
}

/** @param stored The found file's bytes. */
export const imageOf = (
  image: Omit<Image, 'size' | 'sha256' | 'unzipped'>,
  stored: Buffer,
): Image => ({
  ...image,
  size: stored.length,
  sha256: sha256OfBytes(stored),
  ...(image.bytes !== stored && { unzipped: sha256OfBytes(image.bytes) }),
})

const problem = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_IMAGE', 'bootset', message)
