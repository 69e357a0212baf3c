import type { CommandInfo } from './command.ts'

const file = { name: 'FILE', kind: 'file' } as const
const device = { name: 'DEVICE', kind: 'device' } as const
const drive = { name: 'DRIVE', kind: 'device' } as const
const commandLine = { name: 'ARGUMENT', kind: 'text', isOptional: true, isRest: true } as const
const rootArguments = [
  { ...device, isOptional: true },
  { name: 'HDBIAS', kind: 'number', isOptional: true },
] as const
const installOptions = [{ name: '--stage2=', kind: 'file' }, { name: '--force-lba' }] as const

/** Commands with the flag BUILTIN_CMDLINE but not BUILTIN_MENU in Debian's stage2 0.97-80, or in 0.97's manual. */
export const entryOnlyCommands = {
  blocklist: {
    place: 'entry',
    purpose: 'Prints the block list of a file.',
    arguments: [file],
  },
  boot: {
    place: 'entry',
    purpose: 'Boots what has been loaded; at the end of an entry GRUB does so by itself.',
  },
  cat: { place: 'entry', purpose: 'Prints a file.', arguments: [file] },
  chainloader: {
    place: 'entry',
    purpose: 'Loads another boot loader.',
    options: [{ name: '--force' }],
    arguments: [file],
  },
  clear: { place: 'entry', purpose: 'Clears the screen.', build: 'graphics' },
  cmp: {
    place: 'entry',
    purpose: 'Compares two files.',
    arguments: [file, { name: 'FILE2', kind: 'file' }],
  },
  configfile: { place: 'entry', purpose: 'Shows another menu.', arguments: [file] },
  debug: { place: 'entry', purpose: 'Switches debugging output on or off.' },
  displayapm: { place: 'entry', purpose: 'Prints what the APM BIOS says.' },
  displaymem: { place: 'entry', purpose: 'Prints the memory map.' },
  embed: {
    place: 'entry',
    purpose: 'Writes a stage 1.5 behind the boot sector.',
    arguments: [{ name: 'STAGE1_5', kind: 'file' }, device],
  },
  find: {
    place: 'entry',
    purpose: 'Prints the partitions that hold a file.',
    arguments: [file],
  },
  fstest: { place: 'entry', purpose: 'Switches tracing of file systems on or off.' },
  geometry: {
    place: 'entry',
    purpose: "Prints a drive's geometry; in the shell, sets it.",
    arguments: [
      drive,
      { name: 'CYLINDER', kind: 'number', isOptional: true },
      { name: 'HEAD', kind: 'number', isOptional: true },
      { name: 'SECTOR', kind: 'number', isOptional: true },
      { name: 'TOTAL_SECTOR', kind: 'number', isOptional: true },
    ],
  },
  halt: {
    place: 'entry',
    purpose: 'Switches the machine off.',
    options: [{ name: '--no-apm' }],
  },
  help: {
    place: 'entry',
    purpose: 'Explains commands.',
    options: [{ name: '--all' }],
    arguments: [{ name: 'PATTERN', kind: 'word', isOptional: true, isRest: true }],
  },
  impsprobe: { place: 'entry', purpose: 'Finds the processors, and stops all but one in a loop.' },
  initrd: {
    place: 'entry',
    purpose: 'Loads a ramdisk for a Linux kernel.',
    arguments: [file, commandLine],
  },
  install: {
    place: 'entry',
    purpose: 'Installs GRUB, part by part; setup is easier.',
    options: installOptions,
    arguments: [
      { name: 'STAGE1', kind: 'file' },
      { name: 'D', kind: 'choice', isOptional: true, choices: ['d'] },
      device,
      { name: 'STAGE2', kind: 'file' },
      { name: 'ADDRESS', kind: 'address', isOptional: true },
      { name: 'P', kind: 'choice', isOptional: true, choices: ['p'] },
      { name: 'CONFIG_FILE', kind: 'file', isOptional: true },
      { name: 'REAL_CONFIG_FILE', kind: 'file', isOptional: true },
    ],
  },
  ioprobe: { place: 'entry', purpose: 'Finds the I/O ports of a drive.', arguments: [drive] },
  kernel: {
    place: 'entry',
    purpose: 'Loads what boots; the rest of the line, file name included, is its command line.',
    options: [
      {
        name: '--type=',
        kind: 'choice',
        choices: ['netbsd', 'freebsd', 'openbsd', 'linux', 'biglinux', 'multiboot'],
      },
      { name: '--no-mem-option' },
    ],
    arguments: [file, commandLine],
  },
  lock: { place: 'entry', purpose: 'Stops the entry unless the password was given.' },
  makeactive: { place: 'entry', purpose: 'Marks the root partition as the active one.' },
  map: {
    place: 'entry',
    purpose: 'Swaps drives for the system that is chain-loaded.',
    arguments: [
      { name: 'TO_DRIVE', kind: 'device' },
      { name: 'FROM_DRIVE', kind: 'device' },
    ],
  },
  md5crypt: { place: 'entry', purpose: 'Asks for a password and prints it encrypted.' },
  module: {
    place: 'entry',
    purpose: 'Loads a module for a multiboot kernel, unzipped if it is a gzip file.',
    arguments: [file, commandLine],
  },
  modulenounzip: {
    place: 'entry',
    purpose: 'Loads a module for a multiboot kernel as it is.',
    arguments: [file, commandLine],
  },
  pause: {
    place: 'entry',
    purpose: 'Prints a message and waits for a key.',
    arguments: [{ name: 'MESSAGE', kind: 'text', isOptional: true, isRest: true }],
  },
  quit: { place: 'entry', purpose: 'Leaves the shell.', build: 'shell' },
  read: {
    place: 'entry',
    purpose: 'Prints a word of memory.',
    arguments: [{ name: 'ADDRESS', kind: 'address' }],
  },
  reboot: { place: 'entry', purpose: 'Reboots the machine.' },
  root: {
    place: 'entry',
    purpose: 'Says where files without a device are, and mounts it.',
    arguments: rootArguments,
  },
  rootnoverify: {
    place: 'entry',
    purpose: 'Says where files without a device are, without mounting it.',
    arguments: rootArguments,
  },
  savedefault: {
    place: 'entry',
    purpose: 'Makes this entry, or another, the one that `default saved` means.',
    arguments: [{ name: 'NUMBER', kind: 'number', isOptional: true, choices: ['fallback'] }],
  },
  setup: {
    place: 'entry',
    purpose: 'Installs GRUB on a drive.',
    options: [{ name: '--prefix=', kind: 'file' }, ...installOptions],
    arguments: [
      { name: 'INSTALL_DEVICE', kind: 'device' },
      { name: 'IMAGE_DEVICE', kind: 'device', isOptional: true },
    ],
  },
  testload: {
    place: 'entry',
    purpose: 'Reads a file in several ways and compares.',
    arguments: [file],
  },
  testvbe: {
    place: 'entry',
    purpose: 'Shows a test picture in a VBE mode.',
    arguments: [{ name: 'MODE', kind: 'number' }],
  },
  uppermem: {
    place: 'entry',
    purpose: 'Makes GRUB believe in less memory, given in KiB above 1 MiB.',
    arguments: [{ name: 'KBYTES', kind: 'number' }],
  },
  vbeprobe: {
    place: 'entry',
    purpose: 'Prints the VBE modes.',
    arguments: [{ name: 'MODE', kind: 'number', isOptional: true }],
  },
} as const satisfies Readonly<Record<string, CommandInfo>>
