import { changeExt2, formatExt2 } from './ext2-tools.ts'
import { readTree } from './tree.ts'

/** Where in an image file an ext2 file system goes. In bytes. */
export interface Ext2Place {
  readonly image: string
  readonly offset: number
  readonly size: number
}

/**
 * Makes an ext2 file system of what lies below `root`.
 *
 * debugfs writes the files, not `mke2fs -d`: that copies each file's time of change, which no
 * program can set, and its owner (e2fsprogs 1.47, misc/create_inode.c). Folders are 0755 in both.
 */
export const writeExt2 = async (root: string, { image, offset, size }: Ext2Place) => {
  const { folders, files } = await readTree(root)
  const inodes = files.length + folders.length + 16
  await formatExt2({ image, offset, size, inodes, inodeSize: 256, label: 'BOOTSTAND' })
  await changeExt2(`${image}?offset=${offset}`, root, [
    ...folders.map((folder) => `mkdir "${folder}"`),
    ...files.flatMap((file) => [
      `write "${file.path}" "${file.path}"`,
      // A regular file, 0644; `write` copies what the builder's umask has left.
      `set_inode_field "${file.path}" mode 0100644`,
    ]),
  ])
}
