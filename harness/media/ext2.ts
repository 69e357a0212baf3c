import path from 'node:path'
import { changeExt2, formatExt2, type Ext2Command } from './ext2-tools.ts'
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
  // A question mark in the image's folder would begin the options.
  const place = `${path.basename(image)}?offset=${offset}`
  await changeExt2(place, path.dirname(image), [
    ...folders.map((folder): Ext2Command => ['mkdir', `/${folder}`]),
    ...files.flatMap(({ path: name }): Ext2Command[] => [
      ['write', path.join(root, name), `/${name}`],
      // A regular file, 0644; `write` copies what the builder's umask has left.
      ['set_inode_field', `/${name}`, 'mode', '0100644'],
    ]),
  ])
}
