import type { CommandInfo } from './command.ts'

const colour = (name: string) => [{ name, kind: 'word' }] as const
const partition = { name: 'PARTITION', kind: 'device' } as const
const hexadecimalColour = [{ name: 'RRGGBB', kind: 'word' }] as const

/** Commands with both flags, BUILTIN_MENU and BUILTIN_CMDLINE, in Debian's stage2 0.97-80 or in 0.97's manual. */
export const anywhereCommands = {
  background: {
    place: 'anywhere',
    purpose: 'Sets the background colour of graphics mode.',
    arguments: hexadecimalColour,
    build: 'graphics',
  },
  border: {
    place: 'anywhere',
    purpose: 'Sets the border colour of graphics mode.',
    arguments: hexadecimalColour,
    build: 'graphics',
  },
  bootp: {
    place: 'anywhere',
    purpose: 'Sets up the network by BOOTP.',
    options: [{ name: '--with-configfile' }],
    build: 'network',
  },
  color: {
    place: 'anywhere',
    purpose: 'Sets the colours of the menu, as foreground/background.',
    arguments: [...colour('NORMAL'), { name: 'HIGHLIGHT', kind: 'word', isOptional: true }],
  },
  device: {
    place: 'anywhere',
    purpose: 'Says which file is a BIOS drive.',
    arguments: [
      { name: 'DRIVE', kind: 'device' },
      { name: 'FILE', kind: 'file' },
    ],
    build: 'shell',
  },
  dhcp: {
    place: 'anywhere',
    purpose: 'Sets up the network by DHCP.',
    options: [{ name: '--with-configfile' }],
    build: 'network',
  },
  foreground: {
    place: 'anywhere',
    purpose: 'Sets the foreground colour of graphics mode.',
    arguments: hexadecimalColour,
    build: 'graphics',
  },
  hide: {
    place: 'anywhere',
    purpose: 'Sets the hidden bit in the type of a partition.',
    arguments: [partition],
  },
  ifconfig: {
    place: 'anywhere',
    purpose: 'Sets up the network by hand.',
    options: [
      { name: '--server=', kind: 'word' },
      { name: '--gateway=', kind: 'word' },
      { name: '--mask=', kind: 'word' },
      { name: '--address=', kind: 'word' },
    ],
    build: 'network',
  },
  pager: {
    place: 'anywhere',
    purpose: 'Switches stopping at each full screen on or off.',
    arguments: [{ name: 'FLAG', kind: 'choice', isOptional: true, choices: ['on', 'off'] }],
  },
  partnew: {
    place: 'anywhere',
    purpose: 'Writes a primary partition into the partition table.',
    arguments: [
      partition,
      { name: 'TYPE', kind: 'number' },
      { name: 'START', kind: 'number' },
      { name: 'LENGTH', kind: 'number' },
    ],
  },
  parttype: {
    place: 'anywhere',
    purpose: 'Changes the type of a partition.',
    arguments: [partition, { name: 'TYPE', kind: 'number' }],
  },
  password: {
    place: 'anywhere',
    purpose: 'Keeps people from editing entries; in an entry, asks for the password.',
    options: [{ name: '--md5' }],
    arguments: [
      { name: 'PASSWORD', kind: 'password' },
      { name: 'FILE', kind: 'file', isOptional: true },
    ],
  },
  print: {
    place: 'anywhere',
    purpose: 'Prints a message.',
    arguments: [{ name: 'MESSAGE', kind: 'text', isOptional: true, isRest: true }],
  },
  rarp: { place: 'anywhere', purpose: 'Sets up the network by RARP.', build: 'network' },
  serial: {
    place: 'anywhere',
    purpose: 'Sets up a serial port.',
    options: [
      { name: '--unit=', kind: 'number' },
      { name: '--port=', kind: 'address' },
      { name: '--speed=', kind: 'number' },
      { name: '--word=', kind: 'choice', choices: ['5', '6', '7', '8'] },
      { name: '--parity=', kind: 'choice', choices: ['no', 'odd', 'even'] },
      { name: '--stop=', kind: 'choice', choices: ['1', '2'] },
      { name: '--device=', kind: 'file' },
    ],
  },
  setkey: {
    place: 'anywhere',
    purpose: 'Changes the keyboard map.',
    arguments: [
      { name: 'TO_KEY', kind: 'word', isOptional: true },
      { name: 'FROM_KEY', kind: 'word', isOptional: true },
    ],
  },
  shade: {
    place: 'anywhere',
    purpose: 'Switches shaded text in graphics mode on or off.',
    arguments: [{ name: 'FLAG', kind: 'number' }],
    build: 'graphics',
  },
  splashimage: {
    place: 'anywhere',
    purpose: 'Shows a picture behind the menu.',
    arguments: [{ name: 'FILE', kind: 'file' }],
    build: 'graphics',
  },
  terminal: {
    place: 'anywhere',
    purpose: 'Says where GRUB prints and reads keys; with several, the one that a key comes from.',
    options: [
      { name: '--dumb' },
      { name: '--no-echo' },
      { name: '--no-edit' },
      { name: '--timeout=', kind: 'number' },
      { name: '--lines=', kind: 'number' },
      { name: '--silent' },
    ],
    arguments: [
      {
        name: 'TERMINAL',
        kind: 'choice',
        isOptional: true,
        isRest: true,
        choices: ['console', 'serial', 'hercules', 'graphics'],
      },
    ],
  },
  terminfo: {
    place: 'anywhere',
    purpose: 'Defines the escape sequences of a terminal.',
    options: [
      { name: '--name=', kind: 'word' },
      { name: '--cursor-address=', kind: 'word' },
      { name: '--clear-screen=', kind: 'word' },
      { name: '--enter-standout-mode=', kind: 'word' },
      { name: '--exit-standout-mode=', kind: 'word' },
    ],
  },
  tftpserver: {
    place: 'anywhere',
    purpose: 'Overrides the address of the TFTP server.',
    arguments: [{ name: 'ADDRESS', kind: 'word' }],
    build: 'network',
  },
  unhide: {
    place: 'anywhere',
    purpose: 'Clears the hidden bit in the type of a partition.',
    arguments: [partition],
  },
  viewport: {
    place: 'anywhere',
    purpose: 'Sets the part of the screen that graphics mode prints in.',
    arguments: [
      { name: 'X0', kind: 'number' },
      { name: 'Y0', kind: 'number' },
      { name: 'X1', kind: 'number' },
      { name: 'Y1', kind: 'number' },
    ],
    build: 'graphics',
  },
} as const satisfies Readonly<Record<string, CommandInfo>>
