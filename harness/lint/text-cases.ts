import type { RuleCase } from './rule-case.ts'

const kickstart = 'title t\nroot (cd)\nkernel /kickstart\n'
const three = 'module /ia32-kernel\nmodule /sigma0\nmodule /pingpong\n'
const linux = 'title t\nroot (cd)\nkernel /vmlinuz\ninitrd /initrd.img\n'

/** Menus that trip a rule by their text alone, and menus that nearly do. */
export const textCases: readonly RuleCase[] = [
  { rule: 'unknown-command', trips: `title t\nkernal /x\nboot\n`, passes: linux },
  {
    rule: 'command-of-other-build',
    trips: `title t\ndhcp\nboot\n`,
    passes: 'title t\nclear\nboot\n',
  },
  { rule: 'menu-command-in-entry', trips: `${linux}timeout 5\n`, passes: `timeout 5\n${linux}` },
  { rule: 'entry-command-before-title', trips: `root (cd)\n${linux}`, passes: linux },
  { rule: 'no-title', trips: 'root (cd)\nkernel /x\n', passes: linux },
  { rule: 'empty-entry', trips: `title t\n# boot\n`, passes: 'title t\nboot\n' },
  { rule: 'duplicate-title', trips: linux + linux, passes: linux + linux.replace('t\n', 'u\n') },
  { rule: 'default-past-end', trips: `default 1\n${linux}`, passes: `default 0\n${linux}` },
  { rule: 'fallback-past-end', trips: `fallback 0 1\n${linux}`, passes: `fallback 0\n${linux}` },
  {
    rule: 'line-too-long',
    trips: `title t\nkernel /x ${'a'.repeat(1491)}\n`,
    passes: `title t\nkernel /x ${'a'.repeat(1490)}\n`,
  },
  {
    rule: 'not-text',
    trips: Buffer.from(`\ufeff${linux}`, 'utf16le').toString('latin1'),
    passes: linux,
  },
  { rule: 'byte-order-mark', trips: `\xef\xbb\xbfdefault 0\n${linux}`, passes: linux },
  { rule: 'nul-in-line', trips: 'title t\nkernel /x a\0b\n', passes: linux },
  {
    rule: 'command-lines-too-long',
    trips: `${kickstart}${three}${`module /x ${'a'.repeat(1400)}\n`.repeat(3)}`,
    passes: `${kickstart}${three}${`module /x ${'a'.repeat(1300)}\n`.repeat(3)}`,
  },
  {
    rule: 'trailing-comment',
    trips: 'title t\nkernel /x a # b\n',
    passes: 'title C # t\nkernel /x a#b\n',
  },
  {
    rule: 'relative-path',
    trips: 'title t\nkernel boot/x\n',
    passes: 'title t\nkernel (hd0,0)/boot/x\n',
  },
  {
    rule: 'malformed-argument',
    trips: 'title t\nroot (hda1)\n',
    passes: 'title t\nroot (hd0,0)\n',
  },
  {
    rule: 'module-before-kernel',
    trips: `title t\n${three}kernel /x\n`,
    passes: kickstart + three,
  },
  { rule: 'initrd-with-multiboot', trips: `${kickstart}${three}initrd /x\n`, passes: linux },
  {
    rule: 'missing-modules',
    trips: `${kickstart}module /ia32-kernel\nmodule /sigma0\n`,
    passes: kickstart + three,
  },
  {
    rule: 'missing-modules',
    trips: `${kickstart}${three}kernel /kickstart\n`,
    passes: `${kickstart}${three}kernel /kickstart\n${three}`,
  },
  {
    rule: 'too-many-modules',
    trips: kickstart + 'module /x\n'.repeat(33),
    passes: kickstart + 'module /x\n'.repeat(32),
  },
  {
    rule: 'kickstart-option-in-word',
    trips: `${kickstart.trim()} xkmem=1M\n${three}`,
    passes: `${kickstart.trim()} kmem=1M\n${three}`,
  },
  {
    rule: 'kickstart-option-value',
    trips: `${kickstart.trim()} kmem=40m\n${three}`,
    passes: `${kickstart.trim()} kmem=40M mbi=yes\n${three}`,
  },
  {
    rule: 'kickstart-option-on-module',
    trips: `${kickstart}${three.trim()} kmem=40M\n`,
    passes: `${kickstart}${three.trim()} mem=40M\n`,
  },
  {
    rule: 'kernel-memory-limit',
    trips: `${kickstart.trim()} kmem=256M\n${three}`,
    passes: `${kickstart.trim()} kmem=239M\n${three}`,
  },
  {
    rule: 'serial-without-terminal',
    trips: `serial --speed=115200\n${linux}`,
    passes: `serial --speed=115200\nterminal serial\n${linux}`,
  },
  {
    rule: 'terminal-without-serial',
    trips: `terminal serial\nserial --speed=115200\n${linux}`,
    passes: `terminal console\n${linux}`,
  },
  {
    rule: 'serial-speed',
    trips: `serial --unit=0\nterminal serial\n${kickstart}${three}`,
    passes: `serial --unit=0\nterminal serial\n${linux}`,
  },
  {
    rule: 'serial-speed',
    trips: `serial --speed=57600\nterminal serial\n${kickstart}${three.trim()} console=ttyS0,115200\n`,
    passes: `serial --speed=57600\nterminal serial\n${kickstart}${three.trim()} console=ttyS0,57600n8\n`,
  },
  {
    rule: 'ramdisk-not-after-l4linux',
    trips: `${kickstart}${three.trim()} root=/dev/ram0\n`,
    passes: `${kickstart}${three.trim()} root=/dev/ram0\nmodulenounzip /ramdisk.gz\n`,
  },
  {
    rule: 'device-missing',
    context: { machine: { drives: ['cd', 'hd0'] } },
    trips: 'title t\nroot (hd1,0)\nkernel /x\n',
    passes: 'title t\nroot (hd0,1)\nkernel (cd)/x\n',
  },
  {
    rule: 'no-captured-console',
    context: { machine: { serialPorts: 1 } },
    trips: 'title t\nkernel /x console=tty\n',
    passes: 'title t\nkernel /x console=tty console=ttyS0\n',
  },
  {
    rule: 'console-port-missing',
    context: { machine: { serialPorts: 1 } },
    trips: 'title t\nkernel /x console=ttyS1,115200\n',
    passes: 'title t\nkernel /x console=ttyS0,115200\n',
  },
  {
    rule: 'kernel-memory',
    context: { machine: { memory: 16 } },
    trips: kickstart + three,
    passes: `${kickstart.trim()} kmem=8M\n${three}`,
  },
  {
    rule: 'kernel-memory',
    trips: `${kickstart.trim()} maxmem=16M\n${three}`,
    passes: `${kickstart.trim()} maxmem=20M\n${three}`,
  },
  {
    // To the page: kickstart takes it from between 1 MiB and the end.
    rule: 'kernel-memory',
    trips: `${kickstart.trim()} kmem=16388K maxmem=17M\n${three}`,
    passes: `${kickstart.trim()} kmem=16384K maxmem=17M\n${three}`,
  },
]
