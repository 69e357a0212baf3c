/** The forms of a ramdisk: a file system for `root=/dev/ram0`, and an archive for an initramfs. */
export const ramdiskFormats = ['ext2', 'newc'] as const
export type RamdiskFormat = (typeof ramdiskFormats)[number]
