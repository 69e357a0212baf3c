/** What a file must be for the loader that takes it. */
export type ImageFormat = 'multiboot' | 'elf32-i386' | 'any'

/** A file that is booted: the kernel that GRUB starts, or one of its modules. */
export interface BootFile {
  /** Its part in the boot, such as `sigma0`; for messages. */
  readonly role: string
  /** Names that people give to it, the preferred one first. */
  readonly names: readonly string[]
  /** Its command line, without the file's name, verbatim. */
  readonly arguments: string
  readonly format: ImageFormat
}

/** The ordered files of one boot. Order is meaning: kickstart takes its modules by position. */
export interface BootSet {
  /** What GRUB's `kernel` command loads. For Pistachio this is kickstart. */
  readonly kernel: BootFile
  readonly modules: readonly BootFile[]
}
