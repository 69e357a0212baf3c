import { describe, expect, standIns, test } from 'bootstand/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { folderMedium, grubMenu, lintMenu, parseMenu, type Pattern } from 'bootstand'
import { afterAll, beforeAll } from 'vitest'
import { tinyElf } from '../../harness/lint/test-images.ts'

const globals = `serial --unit=0 --speed=115200
terminal --timeout=0 --dumb serial
timeout 0
`
const entry = (...lines: readonly string[]) =>
  `${globals}title Faulty\nroot (cd)\n${lines.join('\n')}\n`
const booting = (task: string) =>
  entry('kernel /kickstart', 'module /ia32-kernel', 'module /sigma0', `module /${task}`)
const pingpongMenu = booting('pingpong')

/** Files beside the stand-ins that are wrong in one way each. */
const wrongFiles = {
  text: Buffer.from('no program\n'),
  '64': tinyElf({ physical: 0x40_0000, elfClass: 2 }),
  'on-kernel': tinyElf({ physical: 0x10_0000 }),
  'on-module': tinyElf({ physical: 0x80_6000 }),
}

/** The stand-ins and the wrong files, all for one medium. */
let root: string

beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-faulty-menus-'))
  fs.cpSync(standIns, root, { recursive: true })
  for (const [name, bytes] of Object.entries(wrongFiles)) {
    fs.writeFileSync(path.join(root, name), bytes)
  }
  const sigma0 = fs.readFileSync(path.join(root, 'sigma0'))
  fs.writeFileSync(path.join(root, 'sigma0.gz'), gzipSync(sigma0))
})

afterAll(() => fs.rmSync(root, { recursive: true }))

const memory = 64

/** What the rules say of a menu with these files. */
const foretold = (menu: string): string[] => {
  const machine = { memory, serialPorts: 1, drives: ['cd'] }
  return lintMenu(parseMenu(menu), { root: folderMedium(root), machine }).map((it) => it.rule)
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
  ['file-missing', booting('pingpnog'), /^Error 15: File not found/],
  ['boot-prefix', booting('boot/pingpong'), /^Error 15: File not found/],
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
  ['not-elf', booting('text'), 'PANIC: FAIL in line 163'],
  ['wrong-elf-class', booting('64'), 'PANIC: FAIL in line 163'],
  ['load-overlap', booting('on-kernel'), 'Conflict with module 0'],
  ['load-overlap', booting('on-module'), 'Conflict with multiboot module'],
  [
    'module-unzip',
    pingpongMenu.replace('module /sigma0', 'modulenounzip /sigma0.gz'),
    'PANIC: FAIL in line 162',
  ],
]

describe('what a rule foretells is what happens', () => {
  test.for([...byGrub, ...byKickstart])('%s', async ([rule, menu, text], { boot }) => {
    expect(foretold(menu)).toContain(rule)
    const scenario = grubMenu({ menu, memory })
    const target = await boot(scenario, { from: 'loader', images: root, method: 'iso' })
    await expect(target.com1).toPrint(text)
  })
})
