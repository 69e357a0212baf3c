import type { Image } from '../bootset/images.ts'
import type { BootMethod } from '../core/boot-choices.ts'

export { bootMethods, type BootMethod } from '../core/boot-choices.ts'

/** What people's machines do. `direct` is quicker. */
export const defaultMethod: BootMethod = 'iso'
/** GRUB Legacy's name for what each method boots from. The rest of the menu is always the same. */
export const grubRoots: Readonly<Record<BootMethod, string>> = {
  // QEMU's own loader reads no menu.
  direct: '(cd)',
  iso: '(cd)',
  floppy: '(fd0)',
  disk: '(hd0,0)',
  network: '(hd0,0)',
}

/** What a hard disk's partition is formatted with. */
export const fileSystems = ['ext2', 'fat'] as const
export type FileSystem = (typeof fileSystems)[number]

/** A file that is loaded at boot, the kernel first. */
export type LoadedFile = Pick<Image, 'name' | 'arguments'>

/** What a boot medium is made of. */
export interface MediumParts {
  /** What is loaded at boot, in order: the kernel first. */
  readonly images: readonly Image[]
  /** A directory that goes on the medium as a whole; without it only the images do. */
  readonly root?: string | undefined
  /** Text of the menu.lst; a character up to U+00FF is one byte. */
  readonly menu: string
  /** A folder of the run's own; the medium's files go below it. */
  readonly folder: string
  /** A hard disk's; ext2 otherwise. */
  readonly fileSystem?: FileSystem | undefined
}

/** A boot medium that a target can be started from. */
export interface Medium {
  /** What QEMU is told about it; paths are relative to `workingDirectory`. */
  readonly qemuArguments: readonly string[]
  readonly workingDirectory: string
  /** The finished image, where the medium is one that works outside of QEMU too. */
  readonly image?: string
  /** What a user should know about this medium, one sentence each. */
  readonly notes: readonly string[]
}
