import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { commandsOf, type MenuFile } from '../formats/menu/menu-file.ts'
import { parseMenu } from '../formats/menu/parse.ts'
import { parseFileName } from '../formats/menu/pieces/file-name.ts'
import { parseImageArguments } from '../formats/menu/pieces/image.ts'
import { packageRoot } from '../host/paths.ts'
import { lintMenu } from './lint-menu.ts'
import type { LintContext } from './medium.ts'
import { memoryMedium } from './memory-medium.ts'
import { images, linuxImage } from './test-images.ts'

const menus = ['grub-menus/classic', 'grub-menus/generated'].flatMap((folder) =>
  fs
    .readdirSync(path.join(packageRoot, folder))
    .map((it) => [it, fs.readFileSync(path.join(packageRoot, folder, it), 'latin1')] as const),
)

/** The warnings that are due to menus which boot. */
const textWarnings: Readonly<Record<string, readonly string[]>> = {
  'afterburner.lst': ['6 kernel-memory-limit'],
  'network.lst': [
    '2 serial-speed',
    '4 command-of-other-build',
    '9 kernel-memory-limit',
    '15 command-of-other-build',
    '16 kernel-memory-limit',
  ],
}
const fileWarnings = {
  ...textWarnings,
  'equals-and-gzip.lst': ['7 no-captured-console'],
  'l4linux-page.lst': ['13 module-unzip'],
}

const archive = gzipSync('070701')
const plainRamdisk = Buffer.from(`-rom1fs-${'\0'.repeat(4096)}`)
const ramdisk = gzipSync(plainRamdisk)

/** QMAGIC, as FreeBSD's loader has it. */
const aout = Buffer.alloc(64).fill(0xcc, 0, 1)

/** What a file with such a name is. Any other is a program. */
const kinds: readonly (readonly [RegExp, Buffer])[] = [
  [/^kickstart/, images.kickstart],
  [/^(?:ia32-kernel|x86-kernel|kernel)/, images.kernel],
  [/^sigma0/, images.sigma0],
  [/^(?:xen|gnumach|bootstrap|rmgr)/, images.multiboot],
  [/^vmlinuz(?!\.VX2)|^memtest/, linuxImage],
  [/^loader/, aout],
  [/^initrd/, archive],
  // What a generated menu names was unzipped when its medium was made.
  [/^ramdisk$/, plainRamdisk],
  [/^ramdisk/, ramdisk],
]

const bytesOf = (file: string): Buffer => {
  const name = path.posix.basename(file)
  const bytes = kinds.find(([pattern]) => pattern.test(name))?.[1] ?? images.rootTask
  return name.endsWith('.gz') && bytes !== ramdisk ? gzipSync(bytes) : bytes
}

const loading = ['kernel', 'module', 'modulenounzip', 'initrd', 'configfile']

/** A machine that has everything that a menu names, and the files on whichever device. */
const contextOf = ({ statements }: MenuFile): LintContext => {
  const paths = commandsOf(statements)
    .filter(({ name }) => loading.includes(name ?? ''))
    .flatMap((it) => parseImageArguments(it).file ?? [])
    .flatMap((it) => parseFileName(it).value?.path ?? [])
  const root = memoryMedium([...new Set(paths)].map((it) => ({ path: it, bytes: bytesOf(it) })))
  const devices = new Map(['(hd0,0)', '(nd)'].map((it) => [it, root]))
  const drives = ['fd0', 'hd0', 'hd1', 'cd', 'nd']
  return { root, devices, machine: { memory: 1024, serialPorts: 2, drives } }
}

const found = (text: string, context?: LintContext): string[] =>
  lintMenu(parseMenu(text), context).map((it) => `${it.line} ${it.rule}`)

test.for(menus)('%s is right by its text', ([name, text]) => {
  expect(found(text)).toEqual(textWarnings[name] ?? [])
})

test.for(menus)('%s is right with its files', ([name, text]) => {
  expect(found(text, contextOf(parseMenu(text)))).toEqual(
    fileWarnings[name as keyof typeof fileWarnings] ?? [],
  )
})
