import path from 'node:path'
import { imageFolders } from '../bootset/images.ts'
import { BootstandError } from '../core/errors.ts'
import { sha256OfBytes } from '../host/hash.ts'
import { pathInside } from '../host/path-inside.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { unzippedAsByGrub } from '../host/unzip.ts'
import { builtMedium } from '../media/build.ts'
import { unstrippedFolder } from '../media/fit.ts'
import type { ReplayedMedium } from '../target/qemu/replayer.ts'
import type { Verdict, VerdictImage } from './verdict.ts'

/** A file that a run booted, as far as there is a copy of it. */
export interface RunImage extends VerdictImage {
  /** Its file's name, without `.gz`. */
  readonly name: string
  /** Its path on the boot medium; absent for a finished disk. */
  readonly place?: string
  /** The same bytes, by their hash. */
  readonly found?: FoundImage
}

interface FoundImage {
  /** Absolute path of the copy. */
  readonly path: string
  readonly stored: Buffer
  /** Unzipped. */
  readonly bytes: Buffer
}

/** Bytes that are read of the files of a run, together. */
const mostBytes = 2 ** 28

/**
 * Finds what a run booted. Only the run's own folder is searched, and a directory that the user names: the paths that a
 * verdict holds may lead anywhere.
 *
 * @param options.images A directory with the files that were booted, for a run that has lost its copies.
 */
export const runImages = async (
  { runFolder, images }: Pick<Verdict, 'runFolder' | 'images'>,
  { images: directory }: { readonly images?: string | undefined } = {},
): Promise<readonly RunImage[]> => {
  const read = boundedReader()
  const found: RunImage[] = []
  for (const image of images) {
    const { name: place } = image
    const name = path.basename(place ?? image.path).replace(/\.gz$/, '')
    const copy = place === undefined ? undefined : await findCopy(image, runFolder, directory, read)
    found.push({
      ...image,
      name,
      ...(place !== undefined && { place }),
      ...(copy !== undefined && { found: copy }),
    })
  }
  return found
}

/** Reads a file below a folder; nothing where it is missing, outside, not regular or too large. */
type Read = (folder: string, name: string, links: 'inside' | 'follow') => Content | undefined

interface Content {
  readonly path: string
  readonly stored: Buffer
  readonly sha256: string
}

/** Reads each file once, and no more than `mostBytes` in all. */
const boundedReader = (): Read => {
  const known = new Map<string, Content | undefined>()
  let left = mostBytes
  const read = (file: string): Content | undefined =>
    ifUsable(() => {
      const stored = readRegularFile(file, { limit: left })
      left -= stored.length
      return { path: file, stored, sha256: sha256OfBytes(stored) }
    })
  return (folder, name, links) => {
    const file = ifUsable(() => pathInside(folder, name, { links }))
    if (file === undefined) return undefined
    if (!known.has(file)) known.set(file, read(file))
    return known.get(file)
  }
}

const ifUsable = <T>(action: () => T): T | undefined => {
  try {
    return action()
  } catch (error) {
    if (error instanceof BootstandError) return undefined
    throw error
  }
}

const findCopy = async (
  image: VerdictImage,
  runFolder: string,
  directory: string | undefined,
  read: Read,
): Promise<FoundImage | undefined> => {
  const { name: place = '', sha256, unzipped: unzippedSha256 } = image
  const files = [place, path.basename(image.path)]
  const own = ['medium', unstrippedFolder].map(
    (it) => () => read(runFolder, path.join(it, path.join('/', place)), 'inside'),
  )
  const given =
    directory === undefined
      ? []
      : imageFolders.flatMap((it) =>
          files.map((file) => () => read(path.join(directory, it), file, 'follow')),
        )
  for (const candidate of [...own, ...given]) {
    const content = candidate()
    if (content === undefined) continue
    const { path: file, stored, sha256: its } = content
    if (its !== sha256 && its !== unzippedSha256) continue
    const bytes = await unzippedAsByGrub(stored, file)
    return { path: file, stored, bytes }
  }
  return undefined
}

/**
 * The medium of a recorded run, for a replay.
 *
 * @throws {BootstandError} when the run has no copy of a file that QEMU's own loader loads.
 */
export const replayedMedium = (
  method: Verdict['method'],
  images: readonly RunImage[],
): ReplayedMedium => {
  const loaded = images.map(({ place = '', arguments: words }) => ({
    name: place,
    arguments: words,
  }))
  const medium = builtMedium(method, loaded)
  // GRUB reads its files from the finished image.
  const files = medium.image === undefined ? images.map(bootedBytes) : []
  return { ...medium, files: new Map(files) }
}

const bootedBytes = ({ place, name, found, unzipped: wasUnzipped }: RunImage): [string, Buffer] => {
  if (found === undefined || place === undefined)
    throw new BootstandError(
      'BOOTSTAND_REPLAY',
      'usage',
      `Expected what was booted in the run's folder, found no copy of ${JSON.stringify(name)} with the recorded SHA-256. Name a directory that has it with --images DIR, or record the boot again.`,
    )
  return [place, wasUnzipped === undefined ? found.stored : found.bytes]
}
