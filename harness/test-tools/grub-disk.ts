import fs from 'node:fs'
import path from 'node:path'
import type { MenuBuilder } from '../formats/menu/builder.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { toolPath } from '../host/tools.ts'
import { writeIso } from '../media/iso.ts'

/**
 * Makes an ISO image of GRUB Legacy, a menu and the stand-ins' kickstart. For tests of the loader
 * itself, which a scenario's boot hurries past.
 *
 * @returns the image, below `folder`.
 */
export const grubDisk = async (menu: MenuBuilder, folder: string): Promise<string> => {
  const root = path.join(folder, 'grub-disk')
  const grub = path.join(root, 'boot/grub')
  fs.mkdirSync(grub, { recursive: true })
  fs.writeFileSync(path.join(grub, 'menu.lst'), menu.print())
  fs.copyFileSync(await toolPath('stage2_eltorito'), path.join(grub, 'stage2_eltorito'))
  fs.copyFileSync(path.join(standInFolder, 'kickstart'), path.join(root, 'kickstart'))
  const image = path.join(folder, 'grub.iso')
  await writeIso(root, image)
  return image
}
