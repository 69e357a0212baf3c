import { runTool, toolError } from '../host/run-tool.ts'
import { reproducibleEnvironment } from './reproducible.ts'
import { readTree } from './tree.ts'

/** Where in an image file an ext2 file system goes. In bytes. */
export interface Ext2Place {
  readonly image: string
  readonly offset: number
  readonly size: number
}

/** Both are random unless they are told. */
const volumeId = 'b0075742-0000-4000-8000-000000000001'
const hashSeed = 'b0075742-0000-4000-8000-000000000002'

/** Small blocks, as GRUB Legacy's own time had them, so that small files take little room. */
export const ext2BlockSize = 1024

/**
 * Makes an ext2 file system of what lies below `root`.
 *
 * debugfs writes the files, not `mke2fs -d`: that copies each file's time of change, which no
 * program can set, and its owner (e2fsprogs 1.47, misc/create_inode.c). Folders are 0755 in both.
 */
export const writeExt2 = async (root: string, { image, offset, size }: Ext2Place) => {
  const { folders, files } = await readTree(root)
  const options = { cwd: root, env: reproducibleEnvironment }
  await runTool(
    'mke2fs',
    [
      ...['-q', '-F', '-t', 'ext2', '-b', String(ext2BlockSize), '-I', '256', '-m', '0'],
      // What GRUB Legacy 0.97 reads, and nothing that only a growing file system needs.
      ...['-O', 'none,filetype,sparse_super', '-N', String(files.length + folders.length + 16)],
      ...['-L', 'BOOTSTAND', '-U', volumeId],
      ...['-E', `offset=${offset},hash_seed=${hashSeed},root_owner=0:0,nodiscard`],
      ...[image, `${size / 1024}k`],
    ],
    options,
  )
  const commands = [
    ...folders.map((folder) => `mkdir "${folder}"`),
    ...files.flatMap((file) => [
      `write "${file.path}" "${file.path}"`,
      // A regular file, 0644; `write` copies what the builder's umask has left.
      `set_inode_field "${file.path}" mode 0100644`,
    ]),
  ]
  const words = ['-w', '-f', '-', `${image}?offset=${offset}`]
  const output = await runTool('debugfs', words, { ...options, input: `${commands.join('\n')}\n` })
  // Its exit status is 0 whatever happens.
  const complaint = output.split('\n').find((line) => !expectedLine.test(line))
  if (complaint !== undefined) throw toolError('debugfs', complaint)
}

const expectedLine = /^(?:debugfs\b.*|Allocated inode: \d+|\s*)$/
