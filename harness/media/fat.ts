import path from 'node:path'
import { runTool } from '../host/run-tool.ts'
import { reproducibleEnvironment } from './reproducible.ts'
import { readTree } from './tree.ts'

/** Where in an image file a FAT file system goes, and how mformat is to make it. */
export interface FatPlace {
  readonly image: string
  /** Bytes from the image's beginning; 0 otherwise. */
  readonly offset?: number
  /** mformat's options for the geometry. */
  readonly format: readonly string[]
}

/** A volume's serial number is the time of day, unless it is told one. */
const serialNumber = 'b0075742'

/** Makes a FAT file system of what lies below `root`. */
export const writeFat = async (root: string, { image, offset, format }: FatPlace) => {
  const place = offset === undefined ? image : `${image}@@${offset}`
  const mtools = async (command: string, ...words: string[]) =>
    await runTool('mtools', ['-c', command, '-i', place, ...words], {
      cwd: root,
      // mtools doubts the geometry of partitions that no PC has made.
      env: { ...reproducibleEnvironment, MTOOLS_SKIP_CHECK: '1' },
    })
  const { folders, files } = await readTree(root)
  await mtools('mformat', ...format, '-N', serialNumber, '-v', 'BOOTSTAND', '::')
  if (folders.length > 0) await mtools('mmd', ...folders.map((folder) => `::/${folder}`))
  // Folder by folder, since a recursive copy takes files in the order of the disk they lie on.
  for (const folder of ['.', ...folders]) {
    const inside = files.filter((file) => path.dirname(file.path) === folder)
    if (inside.length === 0) continue
    await mtools('mcopy', ...inside.map((file) => `./${file.path}`), `::/${folder}`)
  }
}
