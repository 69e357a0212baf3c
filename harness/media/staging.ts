import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import type { Images } from '../bootset/images.ts'

/** Where GRUB's own files lie on a medium. */
const grubFolder = 'boot'

/** Writes the images under the names that the menu uses, so that the run can be repeated. */
export const stageImages = async (images: Images, folder: string): Promise<void> => {
  const all = [images.kernel, ...images.modules]
  const byName = new Map<string, Buffer>()
  for (const { name, bytes, path: found } of all) {
    if (byName.get(name)?.equals(bytes) === false) {
      throw new BootstandError(
        'BOOTSTAND_IMAGES',
        'bootset',
        `Two different files want the name ${name} on the boot medium, one of them ${found}. Rename one.`,
      )
    }
    byName.set(name, bytes)
  }
  if (byName.has(grubFolder)) {
    throw new BootstandError(
      'BOOTSTAND_IMAGES',
      'bootset',
      `No file on the boot medium can be called "${grubFolder}": GRUB's folder has that name. Rename it.`,
    )
  }
  await fs.mkdir(folder, { recursive: true })
  await Promise.all(
    [...byName].map(([name, bytes]) => fs.writeFile(path.join(folder, name), bytes)),
  )
}
