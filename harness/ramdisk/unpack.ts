import { BootstandError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { runToolUpTo } from '../host/run-tool.ts'
import { isGzip, largestBootFile, unpacksTooLarge, unzipped } from '../host/unzip.ts'
import { ramdiskError } from './listing.ts'

/** What Linux unpacks besides gzip: xz, lzma, zstd, bzip2 and lz4, by their first bytes. */
const others = /^(?:\xfd7zXZ|\x5d\x00\x00|\x28\xb5\x2f\xfd|BZh|\x04\x22\x4d\x18|\x02\x21\x4c\x18)/

/** Returns whether bytes begin as a compressed file. */
export const isPacked = (head: Buffer): boolean =>
  isGzip(head) || others.test(head.toString('latin1', 0, 6))

/**
 * Unpacks a compressed file.
 *
 * @param file What the user calls it.
 * @throws {BootstandError} when it is damaged, or unpacks to more than `largestBootFile`.
 */
export const unpacked = async (packed: Buffer, file: string): Promise<Buffer> => {
  if (isGzip(packed))
    return await unzipped(packed, file).catch((error: unknown) => {
      if (error instanceof BootstandError) throw error
      const said = (error as Error).message
      throw ramdiskError(`${file} begins as a gzip file and cannot be unzipped: ${said}.`, error)
    })
  // It reads standard input: no name is given to it.
  const options = { cwd: '/', input: packed }
  const output = await runToolUpTo(largestBootFile, 'bsdcat', [], options).catch(
    (error: unknown) => {
      if (!(error instanceof BootstandError) || error.code !== 'BOOTSTAND_TOOL_FAILED') throw error
      const said = printable(error.message.replace(/^.*bsdcat: /s, ''))
      throw ramdiskError(`${file} cannot be unpacked: bsdcat says "${said}".`, error)
    },
  )
  if (output === undefined) throw unpacksTooLarge(file)
  return output.stdout
}
