import { menu, type MenuBuilder } from '../formats/menu/builder.ts'
import type { EntryBuilder } from '../formats/menu/entry-builder.ts'
import type { Images } from './images.ts'

/** GRUB Legacy's name for the first CD-ROM drive. */
const cdrom = '(cd)'

/** What a generated menu says besides the files. */
export interface MenuOptions {
  /** Baud rate of COM1. */
  readonly speed: number
  /** GRUB's name for the device that the images lie on; the CD-ROM drive otherwise. */
  readonly root?: string
  /** Whether GRUB waits until somebody picks the entry. */
  readonly waits?: boolean
}

/** The menu that boots these images, with GRUB speaking on COM1. */
export const menuOf = (
  title: string,
  images: Images,
  { speed, root = cdrom, waits = false }: MenuOptions,
): MenuBuilder => {
  const start =
    // Which lines are too long is for the medium to say: QEMU's own loader takes any.
    menu({ longestLine: Number.POSITIVE_INFINITY })
      .serial({ unit: 0, speed, word: 8, parity: 'no', stop: 1 })
      // Without --dumb GRUB draws its menu with cursor moves, which no transcript reads well.
      .terminal({ timeout: 0, dumb: true, terminals: ['serial'] })
      .default(0)
  const begun = waits ? start : start.timeout(0)
  return begun.entry(title, (entry) => withImages(entry.root(root), images))
}

const withImages = (entry: EntryBuilder, { kernel, modules }: Images): EntryBuilder =>
  modules.reduce(
    (before, { name, arguments: words, isInitrd }) =>
      isInitrd === true ? before.initrd(`/${name}`) : before.module(`/${name}`, words),
    entry.kernel(`/${kernel.name}`, kernel.arguments),
  )
