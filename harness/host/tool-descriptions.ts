import path from 'node:path'
import { packagesFolder } from './paths.ts'

/** An outside program, or a file of one, that a boot needs. */
export interface ToolDescription {
  readonly purpose: string
  readonly debianPackage: string
  /** What needs it, as typed behind `bootstand`, where not every boot does: all else must do without. */
  readonly neededBy?: readonly string[]
  /** Where it is looked for: names are searched in PATH, absolute paths are tried as they are. */
  readonly candidates: readonly string[]
  /** How it tells its version: the pattern's first group, in its output or in the file itself. */
  readonly version: { readonly arguments?: readonly string[]; readonly pattern: RegExp }
  /** The oldest usable version: `major.minor`. */
  readonly minimum?: string
  readonly confinement?: Confinement
}

/** How a program that runs foreign code keeps it from the host. */
export interface Confinement {
  /** Options that some builds and kernels refuse. */
  readonly arguments: readonly string[]
  /** Makes the program start with these options and exit at once with status 0. */
  readonly trial: { readonly arguments: readonly string[]; readonly input: string }
}

/**
 * Makes the kernel kill QEMU if the guest takes it over and it executes a program, changes its user or its priority, or uses
 * obsolete system calls. (QEMU, -sandbox in its manual.)
 */
const emulatorConfinement: Confinement = {
  arguments: [
    '-sandbox',
    'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
  ],
  trial: {
    arguments: ['-machine', 'none', '-nodefaults', '-display', 'none', '-monitor', 'stdio'],
    input: 'quit\n',
  },
}

/** Where a file of an unpacked package lies. */
const unpacked = (debianPackage: string, file: string): string =>
  path.join(packagesFolder, debianPackage, file)

const grubFolder = 'usr/lib/grub/x86_64-pc'
const memdiskFile = 'usr/lib/syslinux/memdisk'

/** Every outside program, in the order in which `doctor` shows them. */
export const descriptions = {
  'qemu-system-i386': {
    purpose: 'the emulator',
    debianPackage: 'qemu-system-x86',
    candidates: ['qemu-system-i386'],
    version: { arguments: ['--version'], pattern: /version (\d+\.\d+\S*)/ },
    // -action came with 6.0.
    minimum: '6.0',
    confinement: emulatorConfinement,
  },
  'qemu-system-x86_64': {
    purpose: 'the emulator of 64-bit machines',
    debianPackage: 'qemu-system-x86',
    candidates: ['qemu-system-x86_64'],
    version: { arguments: ['--version'], pattern: /version (\d+\.\d+\S*)/ },
    minimum: '6.0',
    confinement: emulatorConfinement,
  },
  xorriso: {
    purpose: 'writes ISO images',
    debianPackage: 'xorriso',
    candidates: ['xorriso'],
    version: { arguments: ['--version'], pattern: /xorriso (\d+\.\d+\S*)/ },
  },
  stage2_eltorito: {
    purpose: 'GRUB Legacy, its other files beside it',
    debianPackage: 'grub-legacy',
    candidates: [
      `/${grubFolder}/stage2_eltorito`,
      unpacked('grub-legacy', `${grubFolder}/stage2_eltorito`),
    ],
    version: { pattern: /GNU GRUB (\d+\.\d+)/ },
  },
  mtools: {
    purpose: 'writes FAT file systems',
    debianPackage: 'mtools',
    neededBy: ['--method floppy', '--method disk'],
    candidates: ['mtools', unpacked('mtools', 'usr/bin/mtools')],
    version: { arguments: ['--version'], pattern: /mtools\) (\d+\.\d+\S*)/ },
  },
  mke2fs: {
    purpose: 'makes ext2 file systems',
    debianPackage: 'e2fsprogs',
    candidates: ['mke2fs'],
    version: { arguments: ['-V'], pattern: /mke2fs (\d+\.\d+\S*)/ },
  },
  debugfs: {
    purpose: 'writes files into ext2',
    debianPackage: 'e2fsprogs',
    candidates: ['debugfs'],
    version: { arguments: ['-V'], pattern: /debugfs (\d+\.\d+\S*)/ },
  },
  e2fsck: {
    purpose: 'checks ext2 file systems',
    debianPackage: 'e2fsprogs',
    neededBy: ['ramdisk'],
    candidates: ['e2fsck'],
    version: { arguments: ['-V'], pattern: /e2fsck (\d+\.\d+\S*)/ },
  },
  bsdtar: {
    purpose: 'writes cpio archives',
    debianPackage: 'libarchive-tools',
    neededBy: ['ramdisk'],
    candidates: ['bsdtar'],
    version: { arguments: ['--version'], pattern: /bsdtar (\d+\.\d+\S*)/ },
  },
  bsdcat: {
    purpose: 'unpacks ramdisks that xz, zstd, bzip2 or lz4 has packed',
    debianPackage: 'libarchive-tools',
    neededBy: ['ramdisk'],
    candidates: ['bsdcat'],
    version: { arguments: ['--version'], pattern: /bsdcat (\d+\.\d+\S*)/ },
  },
  gzip: {
    purpose: 'zips ramdisks',
    debianPackage: 'gzip',
    neededBy: ['ramdisk'],
    candidates: ['gzip'],
    version: { arguments: ['--version'], pattern: /gzip (\d+\.\d+\S*)/ },
  },
  strip: {
    purpose: 'makes images fit on a floppy',
    debianPackage: 'binutils',
    neededBy: ['--method floppy'],
    candidates: ['strip'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)$/m },
  },
  memdisk: {
    purpose: 'makes a disk of what came over the network',
    debianPackage: 'syslinux-common',
    neededBy: ['--method network'],
    candidates: [`/${memdiskFile}`, unpacked('syslinux-common', memdiskFile)],
    version: { pattern: /MEMDISK (\d+\.\d+)/ },
  },
  gcc: {
    purpose: 'builds the stand-in guests',
    debianPackage: 'gcc',
    candidates: ['gcc'],
    version: { arguments: ['-dumpfullversion'], pattern: /^(\d+\.\d+\S*)/ },
  },
  ld: {
    purpose: 'links the stand-in guests',
    debianPackage: 'binutils',
    candidates: ['ld'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)$/m },
  },
  'c++filt': {
    purpose: 'reads names of C++ routines',
    debianPackage: 'binutils',
    candidates: ['c++filt'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)$/m },
  },
  addr2line: {
    purpose: 'finds the source lines of addresses',
    debianPackage: 'binutils',
    candidates: ['addr2line'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)$/m },
  },
  make: {
    purpose: 'builds the stand-in guests',
    debianPackage: 'make',
    candidates: ['make'],
    version: { arguments: ['--version'], pattern: /Make (\d+\.\d+\S*)/ },
  },
  setpriv: {
    purpose: 'lets no emulator outlive its harness',
    debianPackage: 'util-linux',
    candidates: ['setpriv'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)/ },
  },
  prlimit: {
    purpose: 'limits what programs take that read foreign files',
    debianPackage: 'util-linux',
    candidates: ['prlimit'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)/ },
  },
  mkfifo: {
    purpose: 'makes the files that keys go through',
    debianPackage: 'coreutils',
    candidates: ['mkfifo'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)/ },
  },
  flock: {
    purpose: 'lets one build run at a time',
    debianPackage: 'util-linux',
    candidates: ['flock'],
    version: { arguments: ['--version'], pattern: /(\d+\.\d+\S*)/ },
  },
} as const satisfies Record<string, ToolDescription>
