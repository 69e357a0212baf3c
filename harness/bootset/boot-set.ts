/** What a file must be for the loader that takes it. */
export type ImageFormat = 'multiboot' | 'elf32-i386' | 'linux' | 'any'

/** A file that is booted: the kernel that GRUB starts, or one of its modules. */
export interface BootFile {
  /** Its part in the boot, such as `sigma0`; for messages. */
  readonly role: string
  /** Names that people give to it, the preferred one first. */
  readonly names: readonly string[]
  /** Its command line, without the file's name, verbatim. */
  readonly arguments: string
  readonly format: ImageFormat
  /** Whether it is loaded as Linux' initial ramdisk, which no loader unzips, not as a module. */
  readonly isInitrd?: boolean
}

/** A menu that is booted as it is, with the directory that it lies in. */
export interface MenuSet {
  /** Text of the `menu.lst`; a character up to U+00FF is one byte. */
  readonly menu: string
  /** Title of the entry to boot, as people read it, whatever the menu's own default is. */
  readonly entry?: string
  /** Whether files that the entry loads may be missing; `reject` by default. */
  readonly missingFiles?: 'reject' | 'allow' | undefined
}

/** The ordered files of one boot. Order is meaning: kickstart takes its modules by position. */
export interface BootSet {
  /** What GRUB's `kernel` command loads. For Pistachio this is kickstart. */
  readonly kernel: BootFile
  readonly modules: readonly BootFile[]
}
