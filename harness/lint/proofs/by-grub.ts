import { booting, entry, globals, kickstartWith } from './menus.ts'
import { neverAWord, prints, shows, thenNothing, type Proof } from './proof.ts'

const pingpong = booting('pingpong')
const toTheEnd = (text: string, length: number): string => text.padEnd(length, 'a')

/** Where GRUB itself trips, or does something else than the menu seems to say. */
export const provedByGrub: readonly Proof[] = [
  {
    rule: 'unknown-command',
    menu: pingpong.replace('kernel', 'kernal'),
    sees: [prints(/^Error 20: Multiboot kernel must be loaded before modules$/)],
  },
  {
    rule: 'command-of-other-build',
    menu: entry('dhcp', 'kernel /nowhere').replace('root (cd)\n', ''),
    // GRUB echoes each line that it carries out.
    sees: [prints(/^ {2}Booting 'Faulty'/), prints(/^kernel \/nowhere/)],
  },
  {
    rule: 'menu-command-in-entry',
    menu: entry('timeout 5', 'boot'),
    sees: [prints(/^Error 27: Unrecognized command$/)],
  },
  {
    rule: 'entry-command-before-title',
    menu: `${globals}kernel /kickstart\ntitle Faulty\nroot (cd)\nmodule /ia32-kernel\n`,
    sees: [prints(/^Error 20: Multiboot kernel must be loaded before modules$/)],
  },
  {
    rule: 'no-title',
    menu: `${globals}root (cd)\nkernel /kickstart\n`,
    sees: [prints(/^grub> /)],
  },
  {
    rule: 'empty-entry',
    menu: `default 1\n${globals}title Nothing\n# root (cd)\ntitle Wanted\nboot\ntitle Another\nboot\n`,
    sees: [prints(/^ {2}Booting 'Another'/)],
  },
  {
    rule: 'duplicate-title',
    menu: `${kickstartWith('kmem=14M').replace('timeout 0\n', '')}title Faulty\nroot (cd)\n`,
    pick: 'Faulty',
    sees: [prints(/^Reserving 14MB for kernel memory$/)],
  },
  {
    rule: 'default-past-end',
    menu: `default 7\n${pingpong}`,
    sees: [prints(/^The selected entry is 0 ?$/), prints(/^ {2}Booting 'Faulty'/)],
  },
  {
    rule: 'fallback-past-end',
    menu: `fallback 3\n${booting('nowhere')}`,
    sees: [
      prints(/^Error 15: File not found$/),
      prints(/^Press any key to continue\.\.\.$/),
      thenNothing,
    ],
  },
  {
    rule: 'line-too-long',
    menu: kickstartWith(`${toTheEnd('', 1500 - 'kernel /kickstart  kmem=4'.length)} kmem=40M`),
    sees: [prints(/a+ kmem=4$/), prints(/^Reserving 0B for kernel memory$/)],
  },
  {
    rule: 'not-text',
    menu: pingpong.replace('kernel', () => Array.from('kernel').join('\0') + '\0'.repeat(3)),
    sees: [prints(/^Error 20: Multiboot kernel must be loaded before modules$/)],
  },
  {
    rule: 'byte-order-mark',
    menu: `\xef\xbb\xbfdefault 1\n${globals}title First\nuppermem abc\ntitle Second\nboot\n`,
    sees: [prints(/^The selected entry is 0 ?$/), prints(/^ {2}Booting 'First'/)],
  },
  {
    rule: 'nul-in-line',
    menu: kickstartWith('kmem=16\0M'),
    sees: [prints(/^kernel \/kickstart kmem=16$/), prints(/^Reserving 0B for kernel memory$/)],
  },
  {
    rule: 'relative-path',
    menu: entry('kernel kickstart'),
    sees: [prints(/^Error 1: Filename must be either an absolute pathname or blocklist$/)],
  },
  {
    rule: 'malformed-argument',
    menu: entry('uppermem abc', 'boot'),
    sees: [prints(/^Error 23: Error while parsing number$/)],
  },
  {
    rule: 'module-before-kernel',
    menu: entry('module /sigma0', 'kernel /kickstart'),
    sees: [prints(/^Error 20: Multiboot kernel must be loaded before modules$/)],
  },
  {
    rule: 'initrd-with-multiboot',
    menu: pingpong.replace('module /pingpong', 'initrd /pingpong'),
    sees: [prints(/^Error 19: Linux kernel must be loaded before initrd$/)],
  },
  {
    rule: 'file-missing',
    menu: booting('pingpnog'),
    sees: [prints(/^Error 15: File not found$/)],
  },
  {
    rule: 'boot-prefix',
    menu: booting('boot/pingpong'),
    sees: [prints(/^Error 15: File not found$/)],
  },
  {
    rule: 'device-missing',
    menu: pingpong.replace('(cd)', '(hd0,0)'),
    sees: [prints(/^Error 21: Selected disk does not exist$/)],
  },
  {
    rule: 'not-multiboot',
    menu: entry('kernel /text'),
    sees: [prints(/^Error 13: Invalid or unsupported executable format$/)],
  },
  {
    rule: 'microkernel-as-kernel',
    menu: entry('kernel /ia32-kernel', 'module /sigma0', 'module /pingpong'),
    sees: [prints(/^Error 28: Selected item cannot fit into memory$/)],
  },
  {
    rule: 'truncated-image',
    menu: booting('pingpong').replace('/kickstart', '/kickstart.cut'),
    sees: [prints(/^Error (?:13: Invalid or unsupported executable format|28: .*)$/)],
  },
  {
    rule: 'ramdisk-too-large',
    menu: booting('pingpong root=/dev/ram0', 'module /ramdisk.gz'),
    memory: 16,
    sees: [prints(/^Error 28: Selected item cannot fit into memory$/)],
  },
  {
    rule: 'module-unzip',
    menu: booting('pingpong root=/dev/ram0', 'module /ramdisk.gz'),
    // Zipped it has 17 KB.
    sees: [prints(/^ +\[Multiboot-module @ 0x\w+, 0x1100000 bytes\]$/)],
  },
  {
    rule: 'serial-without-terminal',
    menu: booting('nowhere').replace(/^terminal.*\n/m, ''),
    sees: [shows('Error 15: File not found'), neverAWord],
  },
  {
    rule: 'terminal-without-serial',
    menu: booting('nowhere').replace(/^serial.*\n/m, ''),
    sees: [shows('Error 15: File not found'), neverAWord],
  },
]
