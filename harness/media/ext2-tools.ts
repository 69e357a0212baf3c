import { printable } from '../core/printable.ts'
import { runTool, runToolApart, toolError } from '../host/run-tool.ts'
import { nameError } from './name-error.ts'
import { reproducibleEnvironment } from './reproducible.ts'

/** An ext2 file system to be made in an image file, which must be as long. */
export interface Ext2Format {
  readonly image: string
  /** Bytes from the image's beginning. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
  /** At least. */
  readonly inodes: number
  /** Bytes. */
  readonly inodeSize: 128 | 256
  readonly label: string
}

/** Both are random unless they are told. */
const volumeId = 'b0075742-0000-4000-8000-000000000001'
const hashSeed = 'b0075742-0000-4000-8000-000000000002'

/** Small blocks, as systems of GRUB Legacy's time had them, so that small files take little room. */
export const ext2BlockSize = 1024

/** A bitmap of one block has a bit for each block of a group. */
const groupSize = 8 * ext2BlockSize * ext2BlockSize

/** mke2fs gives every group as many inodes, a multiple of eight, and rounds down to it. */
const wholeGroups = ({ inodes, size }: Ext2Format): number => {
  const unit = 8 * Math.ceil(size / groupSize)
  return Math.ceil(inodes / unit) * unit
}

/** Makes an empty ext2 file system, the same bytes each time. */
export const formatExt2 = async (it: Ext2Format): Promise<void> => {
  await runTool(
    'mke2fs',
    [
      ...['-q', '-F', '-t', 'ext2', '-b', String(ext2BlockSize), '-I', String(it.inodeSize)],
      // What GRUB Legacy 0.97 and Linux 2.2 read, and nothing that only a growing file system needs.
      ...['-m', '0', '-O', 'none,filetype,sparse_super', '-N', String(wholeGroups(it))],
      ...['-L', it.label, '-U', volumeId],
      ...['-E', `offset=${it.offset},hash_seed=${hashSeed},root_owner=0:0,nodiscard`],
      ...[it.image, `${it.size / 1024}k`],
    ],
    { cwd: '/', env: reproducibleEnvironment },
  )
}

/** A command of debugfs and its words. A path in the file system begins with a slash, since `<2>` means inode 2. */
export type Ext2Command = readonly [command: string, ...words: string[]]

/**
 * Has debugfs change a file system. Words are quoted here and nowhere else, so that no file's name becomes a command.
 *
 * @param image As debugfs takes it: `FILE?offset=BYTES`, or only a file; relative to `cwd`.
 * @throws {BootstandError} `BOOTSTAND_NAME` when debugfs cannot be given a name.
 */
export const changeExt2 = async (
  image: string,
  cwd: string,
  commands: readonly Ext2Command[],
): Promise<void> => {
  const input = commands.map((it) => `${lineOf(it)}\n`).join('')
  const options = { cwd, env: reproducibleEnvironment, input }
  const { stdout, stderr } = await runToolApart('debugfs', ['-w', '-f', '-', image], options)
  // Its exit status is 0 whatever happens.
  const complaint = `${stderr}\n${stdout.toString()}`
    .split('\n')
    .find((line) => !expectedLine.test(line))
  if (complaint !== undefined) throw toolError('debugfs', complaint)
}

/** Bytes of a line that debugfs reads; it takes the rest of a longer one for another command. */
const longestLine = 8191

/** As debugfs reads words: a quotation mark is doubled within them. */
const lineOf = ([command, ...words]: Ext2Command): string => {
  const odd = words.find((it) => unwritable.test(it))
  if (odd !== undefined)
    throw nameError(
      `Expected names of UTF-8 without control characters on an ext2 file system, found "${printable(odd)}". Rename the file.`,
    )
  const line = [command, ...words.map((it) => `"${it.replaceAll('"', '""')}"`)].join(' ')
  if (Buffer.byteLength(line) < longestLine) return line
  throw nameError(
    `Expected shorter paths on an ext2 file system, found "${printable(words[0]!.slice(0, 40))}…" of ${Buffer.byteLength(words[0]!)} bytes. Move the file up.`,
  )
}

/** A newline ends a command, and bytes that are not UTF-8 have become U+FFFD. */
const unwritable = /[\x00-\x1f\x7f\ufffd]/

const expectedLine = /^(?:debugfs\b.*|Allocated inode: \d+|\s*)$/
