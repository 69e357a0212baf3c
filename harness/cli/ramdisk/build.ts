import { ramdiskFormats } from '../../ramdisk/formats.ts'
import { formatSize } from '../../core/text.ts'
import { usageError, typedChoice } from '../../core/typed.ts'
import { printResult } from '../print.ts'
import { sha256OfFile } from '../../host/hash.ts'
import { fileToWrite } from '../../host/output-file.ts'
import { buildRamdisk, type BuiltRamdisk } from '../../ramdisk/build-ramdisk.ts'
import type { RamdiskBuildFlags } from '../flags.ts'

/** `bootstand ramdisk build`: a ramdisk or an initramfs from directories and manifests. */
export const ramdiskBuild = async (
  sources: readonly string[],
  flags: RamdiskBuildFlags,
): Promise<void> => {
  const { output, gzip = false, libraries = false, sysroot } = flags
  const format = typedChoice('format', flags.format, ramdiskFormats)
  const ext2Option = flags.size === undefined ? '--margin' : '--size'
  if (format === 'newc' && (flags.size ?? flags.margin) !== undefined) {
    throw usageError(
      `${ext2Option} goes with --format ext2: a newc archive is as long as it must be.`,
    )
  }
  if (flags.size !== undefined && flags.margin !== undefined) {
    throw usageError('Expected --size or --margin, found both.')
  }
  if (sysroot !== undefined && !libraries) throw usageError('--sysroot goes with --libraries.')
  const built = await buildRamdisk({
    ...{ from: sources, output: await fileToWrite(output, '-o FILE'), format, gzip, libraries },
    ...(flags.size !== undefined && { size: parseSize(flags.size) }),
    ...(flags.margin !== undefined && { margin: parseMargin(flags.margin) }),
    ...(sysroot !== undefined && { sysroot }),
  })
  const sha256 = await sha256OfFile(built.file)
  printResult(flags, { ...built, sha256 }, () => textOf(built, sha256))
}

const textOf = ({ file, format, size, unzippedSize, libraries }: BuiltRamdisk, sha256: string) => [
  `${file}  ${size} bytes (${format}${size === unzippedSize ? '' : `, ${formatSize(unzippedSize)} when unzipped`})`,
  `sha256 ${sha256}`,
  ...libraries.map((it) => `added ${it}`),
  format === 'ext2'
    ? `For Linux: root=/dev/ram0 ramdisk_size=${Math.ceil(unzippedSize / 1024)}`
    : 'For Linux: as its initrd, of which it starts /init.',
]

const units: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const [least, most] = [64 * 1024, 2 * 1024 ** 3]

const parseSize = (text: string): number => {
  const [, number, unit = ''] = /^([0-9]{1,7})([KMG])$/.exec(text) ?? []
  const size = Number(number) * (units[unit] ?? 1)
  if (size >= least && size <= most) return size
  throw usageError(
    `Expected a size from 64K to 2G behind --size, such as 8M or 5110K; found "${text}".`,
  )
}

const parseMargin = (text: string): number => {
  const [, number] = /^([0-9]{1,4})%?$/.exec(text) ?? []
  if (number !== undefined) return Number(number)
  throw usageError(`Expected whole percents behind --margin, such as 10%; found "${text}".`)
}
