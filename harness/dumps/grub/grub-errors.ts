/** An error of GRUB Legacy. */
export interface GrubError {
  /** What GRUB prints behind `Error N: `. */
  readonly text: string
  /** What it comes down to, in a clause. */
  readonly meaning: string
}

/**
 * The errors of GRUB Legacy 0.97, by their numbers less 1. The texts are those of Debian's stage2,
 * which differ a little from the manual's; 35 is in none.
 */
const errors: readonly (readonly [text: string, meaning: string])[] = [
  [
    'Filename must be either an absolute pathname or blocklist',
    'a file’s name begins with / or with a device',
  ],
  ['Bad file or directory type', 'what the name leads to is no file'],
  ['Bad or corrupt data while decompressing file', 'the gzip file is damaged'],
  ['Bad or incompatible header in compressed file', 'the gzip file’s header is damaged'],
  ['Partition table invalid or corrupt', 'the disk has no partition table that GRUB understands'],
  [
    'Mismatched or corrupt version of stage1/stage2',
    'the files of GRUB on the medium are of different versions',
  ],
  ['Loading below 1MB is not supported', 'the kernel is linked below 1 MiB'],
  ['Kernel must be loaded before booting', 'no line of the entry has loaded a kernel'],
  ['Unknown boot failure', 'GRUB itself does not say more'],
  [
    'Unsupported Multiboot features requested',
    'the kernel’s multiboot header demands what GRUB Legacy cannot do',
  ],
  ['Unrecognized device string', 'a device is written such as (hd0,0), (fd0) or (cd)'],
  ['Invalid device requested', 'the device cannot be what it is named for'],
  [
    'Invalid or unsupported executable format',
    'the file is no kernel for a 32-bit PC that GRUB Legacy knows, or is damaged',
  ],
  [
    'Filesystem compatibility error, cannot read whole file',
    'the BIOS does not reach as far as the file lies',
  ],
  [
    'File not found',
    'the partition that `root` names has no such file; /boot may be a partition of its own',
  ],
  [
    'Inconsistent filesystem structure',
    'the file system is damaged or newer than GRUB Legacy, such as ext4',
  ],
  [
    'Cannot mount selected partition',
    'there is no file system that GRUB Legacy knows; a disk may be named without its partition',
  ],
  [
    'Selected cylinder exceeds maximum supported by BIOS',
    'the file lies beyond what the BIOS can reach',
  ],
  [
    'Linux kernel must be loaded before initrd',
    '`initrd` needs a Linux kernel before it; a multiboot kernel takes `module`',
  ],
  ['Multiboot kernel must be loaded before modules', '`module` needs a multiboot kernel before it'],
  ['Selected disk does not exist', 'the machine has no such drive; drives count from 0'],
  ['No such partition', 'the disk has no such partition; partitions count from 0'],
  ['Error while parsing number', 'a number was expected'],
  ['Attempt to access block outside partition', 'the block list goes beyond the partition’s end'],
  ['Disk read error', 'the drive or the image is damaged or too short'],
  ['Too many symbolic links', 'the links lead in a circle'],
  ['Unrecognized command', 'GRUB Legacy has no such command here'],
  ['Selected item cannot fit into memory', 'the machine has too little memory for it'],
  ['Disk write error', 'the medium cannot be written'],
  ['Invalid argument', 'the command does not take this argument'],
  ['File is not sector aligned', 'the file’s blocks are too scattered for a block list'],
  ['Must be authenticated', 'the entry wants the menu’s password'],
  ['Device not initialized yet', 'a `serial` line has to come before it'],
  ['No spare sectors on the disk', 'there is no room for stage 1.5 before the first partition'],
  ['Overflow while parsing number', 'the number is larger than 32 bits hold'],
]

/** The error of a number, from 1 to 35. */
export const grubErrorOf = (number: number): GrubError | undefined => {
  const [text, meaning] = errors[number - 1] ?? []
  return text === undefined || meaning === undefined ? undefined : { text, meaning }
}
