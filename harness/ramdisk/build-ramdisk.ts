import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { placeFile, writeError } from '../host/place-file.ts'
import { runTool } from '../host/run-tool.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import type { RamdiskFormat } from './formats.ts'
import { addLibraries } from './libraries.ts'
import { readSources } from './sources.ts'
import { inOrder } from './tree.ts'
import { writeExt2Image, type Ext2Size } from './write-ext2.ts'
import { writeNewc } from './write-newc.ts'

/** What goes into a ramdisk, and how. */
export interface RamdiskOptions {
  /** Directories and manifests (mtree(5)); what is named again takes the place of what was before. */
  readonly from: string | readonly string[]
  /** The file that is written. */
  readonly output: string
  /** Default: `ext2`. */
  readonly format?: RamdiskFormat
  /** Of ext2, in bytes; without it the content decides. */
  readonly size?: number
  /** Of ext2 without a `size`: percent of the content that are left free. Default: 10. */
  readonly margin?: number
  readonly gzip?: boolean
  /** Whether what programs need to start is added: dynamic linkers and libraries. */
  readonly libraries?: boolean
  /** Where libraries are looked for. Default: `/`. */
  readonly sysroot?: string
}

/** A ramdisk that was built. */
export interface BuiltRamdisk {
  readonly file: string
  readonly format: RamdiskFormat
  /** Bytes of the file. */
  readonly size: number
  /** Bytes when unzipped. */
  readonly unzippedSize: number
  /** Paths of the libraries that were added. */
  readonly libraries: readonly string[]
}

/**
 * Builds a ramdisk for Linux, without root. The same files give the same bytes, whoever builds it and when.
 *
 * @example
 * await buildRamdisk({ from: ['rootfs', 'nodes.mtree'], output: 'ramdisk.gz', gzip: true, libraries: true })
 * @throws {BootstandError} when something is not there or does not fit.
 */
export const buildRamdisk = async (options: RamdiskOptions): Promise<BuiltRamdisk> => {
  const { format = 'ext2', size, margin = 10, gzip = false } = options
  if (format === 'newc' && (size ?? options.margin) !== undefined) {
    throw wrong(
      'A size and a margin go with the format ext2; a newc archive is as long as it must be.',
    )
  }
  const tree = await readSources([options.from].flat())
  const added = options.libraries === true ? await addLibraries(tree, options.sysroot ?? '/') : []
  await using folder = await temporaryFolder()
  const image = path.join(folder.path, 'ramdisk')
  const chosen: Ext2Size = size === undefined ? { margin } : { bytes: size }
  if (format === 'ext2') await writeExt2Image(image, inOrder(tree), chosen)
  else await writeNewc(image, inOrder(tree), folder.path)
  const { size: unzippedSize } = await fs.stat(image)
  // Not zlib: it compresses otherwise on processors with other instructions.
  if (gzip) await runTool('gzip', ['-n', '-9', image], { cwd: folder.path })
  const file = path.resolve(options.output)
  await placeFile(gzip ? `${image}.gz` : image, file).catch((error: unknown) => {
    throw writeError(file, error, 'Name another place.')
  })
  return { file, format, size: (await fs.stat(file)).size, unzippedSize, libraries: added }
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RAMDISK', 'usage', message)
