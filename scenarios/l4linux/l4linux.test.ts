import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'bootstand/testing'
import { kdbOn, l4linux, pistachio } from 'bootstand'
import fromRamdisk, { disk } from './l4linux.ts'

const direct = { method: 'direct' } as const

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings/linux-2.4')

/** Kernel messages without what differs from machine to machine, up to where init has the console. */
const messagesOf = (text: string): string[] =>
  text
    .replaceAll('\r', '')
    .replaceAll(/(?:[|/\\-]\x08?)+(?=done)/g, '')
    .replaceAll(/0x[0-9a-f]+|\d+/g, 'N')
    .split('\n')
    .map((line) => line.replace(/(?<=^Linux version|^Kernel command line).*| readonly/, ''))

/** Messages that Linux 2.4.22 has not printed when it was recorded. */
const notRecorded = (text: string): string[] => {
  const recorded = ['tr-initrd.txt', 'no-root.log'].flatMap((name) =>
    messagesOf(fs.readFileSync(path.join(recordings, name), 'latin1')),
  )
  return messagesOf(text).filter((line) => !recorded.includes(line))
}

test('a ramdisk is the module right behind Linux', async ({ boot }) => {
  // By GRUB, as its menu has it.
  const target = await boot(fromRamdisk)
  await expect(target.ttyS1).toPrint(
    'Kernel command line: root=/dev/ram0 ramdisk_size=8192 console=herc console=ttyS1,115200',
  )
  await expect(target.ttyS1).toPrint('RAMDISK: ext2 filesystem found at block 0')
  await expect(target.ttyS1).toPrint(/RAMDISK: Loading 256 blocks \[1 disk\] .*done\.$/)
  await expect(target.ttyS1).toPrint('VFS: Mounted root (ext2 filesystem) readonly.')
  await expect(target.ttyS1).toPrint('Freeing unused kernel memory: ')
  await expect(target.ttyS1).toPrint('standin login: ')
  const printed = target.ttyS1.transcript.text(0)
  expect(notRecorded(printed.slice(0, printed.indexOf('Bootstand stand-in of')))).toEqual([])
  const { phases, outcome } = await target.stop()
  expect(outcome).toBe('finished')
  expect(phases.map(({ name }) => name)).toEqual([
    ...['loader', 'kickstart', 'kernel', 'sigma0', 'root task'],
    ...['Linux', 'ramdisk', 'root file system', 'init', 'login'],
  ])
})

test('without its disk Linux panics on every console', async ({ boot }) => {
  const target = await boot(disk, direct)
  await expect(target.herc).toPrint('VFS: Cannot open root device "hda1" or 03:01')
  await expect(target.herc).toPrint('Kernel panic: VFS: Unable to mount root fs on 03:01')
  await expect(target.vga).toShow('Kernel panic: VFS: Unable to mount root fs on 03:01')
  expect(notRecorded(await target.vga.text())).toEqual([])
})

test.for([
  ['no ramdisk', {}, '', 'Kernel panic: VFS: Unable to mount root fs on 01:00'],
  [
    'a ramdisk larger than ramdisk_size=',
    { ramdisk: 'ramdisk' },
    'ramdisk_size=100',
    'Linux panicked: it has no root file system (RAMDISK: image too big! (256/100 blocks))',
  ],
  [
    'a ramdisk that is none',
    { ramdisk: 'pingpong' },
    '',
    "Linux panicked: it has no root file system (RAMDISK: Couldn't find valid RAM disk image starting at 0.)",
  ],
] as const)('%s', async ([, options, words, reason], { boot }) => {
  const given = `root=/dev/ram0 console=herc console=ttyS1,115200 ${words}`
  const target = await boot(l4linux({ ...options, arguments: given }), direct)
  await expect(target.ttyS1.waitFor('login: ')).rejects.toThrow(reason)
  const { outcome, culprit, interrogation } = await target.stop()
  expect([outcome, culprit]).toEqual(['crashed', 'bootset'])
  // The microkernel runs on, and was broken into.
  expect(interrogation[0]).toMatch(/^exception-frame: /)
})

test('a module between Linux and its ramdisk is taken for the ramdisk', async ({ boot }) => {
  const target = await boot(
    pistachio({
      rootTask: 'vmlinuz.VX2',
      arguments: 'root=/dev/ram0 console=herc',
      modules: [{ file: 'rt-sleep' }, { file: 'ramdisk' }],
    }),
    direct,
  )
  await expect(target.herc).toPrint("RAMDISK: Couldn't find valid RAM disk image starting at 0.")
})

test.for([
  // The VGA shows another part of its memory at each line …
  ['', 'Linux version 2.4.22'],
  // … or the text is moved, and what a debugger draws there by itself stays in sight.
  ['no-scroll', 'spurious 8259A inter'],
] as const)('with %j in its command line, the VGA scrolls so', async ([words, first], { boot }) => {
  const target = await boot(
    l4linux({
      arguments: `root=/dev/ram0 console=herc console=tty late-lines=10 ${words}`,
      ramdisk: 'ramdisk',
    }),
    direct,
  )
  for (let line = 0; line < 30; line++) await expect(target.herc).toPrint('spurious')
  await target.debugger.enter()
  expect(await target.vga.text()).not.toContain('Linux version')
  // Where the kernel sees the beginning of the VGA's text: a byte of text, one of colour.
  const { rows } = await kdbOn(target.herc).memory(0xf00b_8000)
  const text = rows
    .flatMap((row) => row.words)
    .map((word) =>
      [0, 16].map((bit) => String.fromCodePoint((Number(word) >> bit) & 0xff)).join(''),
    )
    .join('')
  expect(text.slice(0, first.length)).toBe(first)
})

test.for([
  ['', 'kmem_alloc: out of kernel memory'],
  ['kmem=48M', undefined],
] as const)(
  'many processes need kernel memory: %j of it',
  async ([kickstart, reason], { boot }) => {
    const target = await boot(
      l4linux({
        arguments: 'root=/dev/ram0 console=herc console=ttyS1,115200 processes=500',
        ramdisk: 'ramdisk',
        memory: 128,
        kickstart,
      }),
      direct,
    )
    if (reason === undefined) await expect(target.ttyS1).toPrint('login: ')
    else await expect(target.herc).toPrint(`--- "KD# ${reason}" ---`)
  },
)
