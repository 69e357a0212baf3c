import { gzipSync } from 'node:zlib'
import type { RuleCase } from './rule-case.ts'
import { memoryMedium } from './memory-medium.ts'
import { images, linuxImage, tinyElf } from './test-images.ts'

const page = 0x1000
const outside = tinyElf({ physical: 0x40_0000, entry: 0x50_0000 })
const longer = Buffer.concat([images.rootTask, Buffer.alloc(4)])

const files: Readonly<Record<string, Buffer>> = {
  '/kickstart': images.kickstart,
  '/kernel': images.kernel,
  '/sigma0': images.sigma0,
  '/task': images.rootTask,
  '/boot/only': images.rootTask,
  '/text': Buffer.from('no program\n'),
  '/vmlinuz': linuxImage,
  '/bsd': Buffer.from([0xcc, 0, ...Buffer.alloc(31)]),
  '/netbsd': Buffer.from([0, 0x86, 0x01, 0x0b, ...Buffer.alloc(29)]),
  '/bsd.elf': Buffer.from(images.rootTask).fill(9, 7, 8),
  '/multiboot': images.multiboot,
  '/64': tinyElf({ physical: 0x40_0000, elfClass: 2 }),
  '/cut': images.rootTask.subarray(0, -2),
  '/outside': outside,
  '/on-sigma0': tinyElf({ physical: 0x2_0000, size: 1 }),
  '/on-kernel': tinyElf({ physical: 0x10_0000 - page, size: page + 1 }),
  '/beside-kernel': tinyElf({ physical: 0x10_0000 - page, size: page }),
  // GRUB packs modules from the page behind kickstart on.
  '/on-module': tinyElf({ physical: 0x80_3000 }),
  '/behind-modules': tinyElf({ physical: 0x80_4000 }),
  '/high': tinyElf({ physical: 64 * 2 ** 20 - page, size: page + 1 }),
  '/at-the-end': tinyElf({ physical: 64 * 2 ** 20 - page, size: page }),
  '/zipped': gzipSync(images.rootTask),
  '/archive': Buffer.from(`070701${'\0'.repeat(8192)}`),
  '/disk': Buffer.from(`-rom1fs-${'\0'.repeat(4096)}`),
  '/disk.gz': gzipSync(Buffer.from(`-rom1fs-${'\0'.repeat(4096)}`)),
  '/old/stale': images.rootTask,
  '/new/stale': longer,
}

const root = memoryMedium(
  Object.entries(files).map(([path, bytes]) => ({
    path,
    bytes,
    modified: path.startsWith('/new') ? 2 : 1,
  })),
)

const entry = (...modules: readonly string[]): string =>
  ['title t', 'kernel /kickstart', ...modules.map((it) => `module ${it}`), ''].join('\n')
const boot = (task: string): string => entry('/kernel', '/sigma0', task)

const ramdisk = (words: string, command = 'modulenounzip', disk = '/disk.gz'): string =>
  `${boot(`/task root=/dev/ram0 ${words}`)}${command} ${disk}\n`

/** Menus that trip a rule by what lies in their files. */
export const fileCases: readonly RuleCase[] = (
  [
    { rule: 'swapped-modules', trips: entry('/kernel', '/task', '/sigma0'), passes: boot('/task') },
    {
      rule: 'swapped-modules',
      trips: entry('/sigma0', '/kernel', '/task'),
      passes: boot('/on-sigma0'),
    },
    { rule: 'load-overlap', trips: boot('/on-sigma0'), passes: boot('/task') },
    { rule: 'file-missing', trips: boot('/tsak'), passes: boot('/task') },
    { rule: 'boot-prefix', trips: boot('/only'), passes: boot('/boot/only') },
    { rule: 'stale-binary', trips: boot('/old/stale'), passes: boot('/new/stale') },
    {
      rule: 'stale-binary',
      trips: `${boot('/old/stale')}title u\nboot\n`,
      passes: boot('/new/stale') + boot('/old/stale'),
    },
    {
      rule: 'file-missing',
      trips: 'title t\nchainloader --force /loader\n',
      passes: 'title t\nchainloader (hd0,0)+1\n',
    },
    {
      rule: 'not-multiboot',
      trips: 'title t\nkernel /task\n',
      passes: 'title t\nkernel /vmlinuz\n',
    },
    ...['/vmlinuz\nmodule /disk', '/bsd', '/netbsd', '/bsd.elf'].map((kernel) => ({
      rule: 'not-multiboot',
      trips: 'title t\nkernel /disk\n',
      passes: `title t\nkernel ${kernel}\n`,
    })),
    {
      rule: 'microkernel-as-kernel',
      trips: 'title t\nkernel /kernel\n',
      passes: 'title t\nkernel /kickstart\n',
    },
    { rule: 'not-elf', trips: boot('/text'), passes: `${boot('/task')}module /text\n` },
    { rule: 'wrong-elf-class', trips: boot('/64'), passes: boot('/task') },
    { rule: 'truncated-image', trips: boot('/cut'), passes: boot('/task') },
    { rule: 'entry-outside-segment', trips: boot('/outside'), passes: boot('/task') },
    { rule: 'load-overlap', trips: boot('/on-kernel'), passes: boot('/beside-kernel') },
    { rule: 'load-overlap', trips: boot('/on-module'), passes: boot('/behind-modules') },
    {
      rule: 'load-above-memory',
      trips: boot('/high'),
      passes: boot('/at-the-end'),
      context: { machine: { memory: 64 } },
    },
    {
      rule: 'ramdisk-not-after-l4linux',
      trips: `${boot('/task root=/dev/ram0')}module /multiboot\nmodulenounzip /disk.gz\n`,
      passes: ramdisk(''),
    },
    {
      rule: 'ramdisk-too-large',
      trips: ramdisk('ramdisk_size=4'),
      passes: ramdisk('ramdisk_size=5'),
    },
    {
      rule: 'ramdisk-too-large',
      trips: ramdisk('ramdisk_size=1', 'module', '/disk'),
      passes: ramdisk('ramdisk_size=1', 'module', '/archive'),
    },
    { rule: 'module-unzip', trips: ramdisk('', 'module'), passes: ramdisk('', 'module', '/disk') },
    {
      rule: 'module-unzip',
      trips: `${entry('/kernel', '/sigma0')}modulenounzip /zipped\n`,
      passes: boot('/zipped'),
    },
  ] satisfies RuleCase[]
).map((it) => ({ ...it, context: { root, ...('context' in it ? it.context : {}) } }))
