import type { Menu, MenuCommand } from '../formats/menu-list.ts'
import type { Image, Images } from './images.ts'

/** GRUB Legacy's name for the first CD-ROM drive. */
const cdrom = '(cd)'

/**
 * The menu that boots these images at once, with GRUB speaking on COM1.
 *
 * @param speed Baud rate of COM1.
 * @param root GRUB's name for the device that the images lie on.
 */
export const menuOf = (title: string, images: Images, speed: number, root = cdrom): Menu => ({
  serial: { unit: 0, speed },
  timeout: 0,
  entries: [{ title, root, kernel: command(images.kernel), modules: images.modules.map(command) }],
})

const command = (image: Image): MenuCommand => ({
  path: `/${image.name}`,
  arguments: image.arguments,
})
