import type { Menu, MenuCommand } from '../formats/menu-list.ts'
import type { Image, Images } from './images.ts'

/** GRUB Legacy's name for the first CD-ROM drive. */
const cdrom = '(cd)'

/**
 * The menu that boots these images from a CD, at once, with GRUB speaking on COM1.
 *
 * @param speed Baud rate of COM1.
 */
export const menuOf = (title: string, images: Images, speed: number): Menu => ({
  serial: { unit: 0, speed },
  timeout: 0,
  entries: [
    { title, root: cdrom, kernel: command(images.kernel), modules: images.modules.map(command) },
  ],
})

const command = (image: Image): MenuCommand => ({
  path: `/${image.name}`,
  arguments: image.arguments,
})
