import { menu, type MenuBuilder } from '../formats/menu/builder.ts'
import type { EntryBuilder } from '../formats/menu/entry-builder.ts'
import type { Images } from './images.ts'

/** GRUB Legacy's name for the first CD-ROM drive. */
const cdrom = '(cd)'

/**
 * The menu that boots these images at once, with GRUB speaking on COM1.
 *
 * @param speed Baud rate of COM1.
 * @param root GRUB's name for the device that the images lie on.
 */
export const menuOf = (title: string, images: Images, speed: number, root = cdrom): MenuBuilder =>
  // Which lines are too long is for the medium to say: QEMU's own loader takes any.
  menu({ longestLine: Number.POSITIVE_INFINITY })
    .serial({ unit: 0, speed, word: 8, parity: 'no', stop: 1 })
    // Without --dumb GRUB draws its menu with cursor moves, which no transcript reads well.
    .terminal({ timeout: 0, dumb: true, terminals: ['serial'] })
    .default(0)
    .timeout(0)
    .entry(title, (entry) => withImages(entry.root(root), images))

const withImages = (entry: EntryBuilder, { kernel, modules }: Images): EntryBuilder =>
  modules.reduce(
    (before, module) => before.module(`/${module.name}`, module.arguments),
    entry.kernel(`/${kernel.name}`, kernel.arguments),
  )
