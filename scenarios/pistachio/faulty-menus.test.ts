import { describe, expect, test } from 'bootstand/testing'
import { parseMenu } from 'bootstand'
import { gzipSync } from 'node:zlib'
import { findImages, type Image, type Images } from '../../harness/bootset/images.ts'
import type { Pattern } from '../../harness/console/wait.ts'
import { makeRunFolder } from '../../harness/host/run-folder.ts'
import { standInFolder } from '../../harness/host/stand-ins.ts'
import { lintMenu } from '../../harness/lint/lint-menu.ts'
import { memoryMedium } from '../../harness/lint/memory-medium.ts'
import { tinyElf } from '../../harness/lint/test-images.ts'
import { buildMedium } from '../../harness/media/build.ts'
import { startQemu } from '../../harness/target/qemu/machine.ts'
import pingpong from './pingpong.ts'

const globals = `serial --unit=0 --speed=115200
terminal --timeout=0 --dumb serial
timeout 0
`
const entry = (...lines: readonly string[]) =>
  `${globals}title Faulty\nroot (cd)\n${lines.join('\n')}\n`
const boot = (task: string) =>
  entry('kernel /kickstart', 'module /ia32-kernel', 'module /sigma0', `module /${task}`)
const pingpongMenu = boot('pingpong')

/** Files beside the stand-ins that are wrong in one way each. */
const wrongFiles = {
  text: Buffer.from('no program\n'),
  '64': tinyElf({ physical: 0x40_0000, elfClass: 2 }),
  'on-kernel': tinyElf({ physical: 0x10_0000 }),
  'on-module': tinyElf({ physical: 0x80_6000 }),
}

const fileOf = (name: string, bytes: Buffer): Image => ({
  ...{ role: 'module', name, arguments: '', path: `/${name}`, sha256: '' },
  ...{ size: bytes.length, bytes },
})

/** The stand-ins and the wrong files, all for one medium. */
const allImages = async (): Promise<Images> => {
  const { kernel, modules } = await findImages(pingpong.bootSet, standInFolder)
  const sigma0 = modules.find((it) => it.name === 'sigma0')!
  const wrong = Object.entries(wrongFiles).map(([name, bytes]) => fileOf(name, bytes))
  return { kernel, modules: [...modules, ...wrong, fileOf('sigma0.gz', gzipSync(sigma0.bytes))] }
}

const machine = { memory: 64 }

/** What the rules say of a menu with these files. */
const foretold = ({ kernel, modules }: Images, menu: string): string[] => {
  const root = memoryMedium(
    [kernel, ...modules].map(({ name, bytes }) => ({ path: `/${name}`, bytes })),
  )
  const context = { root, machine: { ...machine, serialPorts: 1, drives: ['cd'] } }
  return lintMenu(parseMenu(menu), context).map((it) => it.rule)
}

/** Boots a menu as it is from an ISO image, until it prints a text. */
const bootUntil = async (images: Images, menu: string, text: Pattern): Promise<void> => {
  const folder = await makeRunFolder('faulty-menus')
  const medium = await buildMedium('iso', { images, menu, folder })
  const roles = ['herc']
  const target = await startQemu({ folder, machine, medium, roles, stops: [], onWaited: () => {} })
  try {
    await expect(target.consoles.get('herc')!).toPrint(text)
  } finally {
    await target.stop()
  }
}

const byGrub: readonly (readonly [rule: string, menu: string, text: Pattern])[] = [
  ['unknown-command', pingpongMenu.replace('kernel', 'kernal'), /^Error 20: /],
  ['menu-command-in-entry', entry('timeout 5', 'boot'), /^Error 27: Unrecognized command/],
  ['no-title', `${globals}root (cd)\n`, /^grub> /],
  ['default-past-end', `default 7\n${pingpongMenu}`, /^KickStart /],
  ['relative-path', entry('kernel kickstart'), /^Error 1: Filename must be either/],
  ['malformed-argument', entry('uppermem abc', 'boot'), /^Error 23: Error while parsing number/],
  ['module-before-kernel', entry('module /sigma0'), /^Error 20: Multiboot kernel must be loaded/],
  [
    'initrd-with-multiboot',
    pingpongMenu.replace('module /pingpong', 'initrd /pingpong'),
    /^Error 19: Linux kernel must be loaded before initrd/,
  ],
  ['file-missing', boot('pingpnog'), /^Error 15: File not found/],
  ['boot-prefix', boot('boot/pingpong'), /^Error 15: File not found/],
  ['device-missing', pingpongMenu.replace('(cd)', '(hd0,0)'), /^Error 21: Selected disk does not/],
  ['not-multiboot', entry('kernel /pingpong'), /^Error 13: Invalid or unsupported executable/],
]

const byKickstart: readonly (readonly [rule: string, menu: string, text: Pattern])[] = [
  ['missing-modules', pingpongMenu.replace('module /pingpong\n', ''), 'PANIC: FAIL in line 167'],
  ['too-many-modules', pingpongMenu + 'module /text\n'.repeat(30), /^WARNING: Restricting number/],
  [
    'command-lines-too-long',
    pingpongMenu + `module /text ${'a'.repeat(1400)}\n`.repeat(3),
    'String buffer overrun',
  ],
  [
    'kickstart-option-in-word',
    pingpongMenu.replace('kickstart', 'kickstart xkmem=8M'),
    /^Reserving 8MB for kernel memory/,
  ],
  ['not-elf', boot('text'), 'PANIC: FAIL in line 163'],
  ['wrong-elf-class', boot('64'), 'PANIC: FAIL in line 163'],
  ['load-overlap', boot('on-kernel'), 'Conflict with module 0'],
  ['load-overlap', boot('on-module'), 'Conflict with multiboot module'],
  [
    'module-unzip',
    pingpongMenu.replace('module /sigma0', 'modulenounzip /sigma0.gz'),
    'PANIC: FAIL in line 162',
  ],
]

describe('what a rule foretells is what happens', () => {
  test.for([...byGrub, ...byKickstart])('%s', async ([rule, menu, text]) => {
    const images = await allImages()
    expect(foretold(images, menu)).toContain(rule)
    await bootUntil(images, menu, text)
  })
})
