import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findStop } from '../console/stop.ts'
import { plainText } from '../core/text.ts'
import { fiascoProfile } from './fiasco.ts'
import { gnumachProfile } from './gnumach.ts'
import type { KernelProfile } from './profile.ts'
import { xenProfile } from './xen.ts'

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings')

/** What the profile sees in a recording, in the order of its lines. */
const seenIn = (name: string, { milestones, stops }: KernelProfile): string[] => {
  const lines = fs.readFileSync(path.join(recordings, `${name}.log`), 'latin1').split('\n')
  return lines.flatMap((line, at) => {
    const text = plainText(line.replaceAll('\r', ''))
    const reached = milestones.filter(({ pattern }) => pattern.test(text))
    const stop = findStop(line, stops, () => lines.slice(0, at).map(plainText))
    return [...reached.map(({ phase }) => phase), ...(stop === undefined ? [] : [stop.meaning])]
  })
}

const fiasco = ['bootstrap', 'kernel', 'sigma0', 'root task']
// Early output has its first line, and so has what was kept back until there was a console.
const kept = ['L4Linux', 'Linux', 'Linux']
const mounted = [...kept, 'ramdisk', 'root file system', 'init']
const noRoot = 'Linux panicked: it has no root file system'
const noDevice = `${noRoot} (VFS: Cannot open root device "hda1" or unknown-block(0,0): error -6)`
const notLoaded = `${noRoot} (Couldn't load ramdisk)`

const moeGaveUp = 'the root task, Moe, gave up: "No such object found: rom/l4re"'

const mach = ['kernel', 'bootstrap']
const noBootstrap =
  'GNU Mach panicked in bootstrap_create: No bootstrap code loaded with the kernel!'
const wrongModule =
  'GNU Mach panicked in user_bootstrap: Cannot load user executable module (error code -1): text'

test.for([
  ['fiasco/hello-2026', fiascoProfile, fiasco],
  ['fiasco/l4linux-run-grub', fiascoProfile, [...fiasco, ...mounted]],
  [
    'fiasco/l4linux-jdb',
    fiascoProfile,
    [...fiasco, ...mounted, 'the kernel debugger was entered: "IRQ ENTRY"'],
  ],
  [
    'fiasco/bootstrap-alone',
    fiascoProfile,
    ['bootstrap', 'L4Re\'s boot loader gave up: "region overlap"'],
  ],
  [
    'fiasco/bootstrap-memory',
    fiascoProfile,
    [
      'bootstrap',
      'L4Re\'s boot loader gave up: "fatal: could not find free RAM region for modules"',
    ],
  ],
  [
    'fiasco/bootstrap-swapped',
    fiascoProfile,
    [
      'bootstrap',
      'L4Re\'s boot loader gave up: "could not find kernel info page, maybe your kernel is too old"',
    ],
  ],
  ['fiasco/no-l4re', fiascoProfile, [...fiasco, moeGaveUp, moeGaveUp]],
  [
    'fiasco/no-script',
    fiascoProfile,
    [...fiasco, 'Ned gave up its script: "cannot open rom/l4linux.cfg: No such file or directory"'],
  ],
  [
    'fiasco/not-elf',
    fiascoProfile,
    [...fiasco, 'L4Re did not start a program: "Invalid argument: not an ELF binary"'],
  ],
  [
    'l4linux/mem-too-large',
    fiascoProfile,
    [
      ...[...fiasco, 'L4Linux', 'Linux'],
      'L4Linux gave up: "Can\'t get main memory of 307200kiB", for which its mem= asks',
    ],
  ],
  ['l4linux/noroot', fiascoProfile, [...fiasco, ...kept, noDevice, noDevice]],
  ['l4linux/badrd', fiascoProfile, [...fiasco, ...kept, notLoaded, notLoaded]],
  ['l4linux/nocons', fiascoProfile, [...fiasco, 'L4Linux', 'Linux']],
  ['gnumach/gnumach-ddb', gnumachProfile, [...mach, 'first task']],
  ['gnumach/ddb-panic', gnumachProfile, [...mach, noBootstrap]],
  ['gnumach/no-debugger', gnumachProfile, [...mach, noBootstrap]],
  ['gnumach/module-text', gnumachProfile, [...mach, wrongModule]],
  [
    'gnumach/null-jump',
    gnumachProfile,
    [...mach, 'first task', 'GNU Mach faulted: Page fault at 0xc11299b5'],
  ],
  ['xen/debug-keys', xenProfile, ['hypervisor', 'dom0', 'dom0']],
  [
    'xen/no-dom0',
    xenProfile,
    ['hypervisor', 'Xen panicked: dom0 kernel not specified. Check bootloader configuration'],
  ],
  [
    'xen/bad-jump',
    xenProfile,
    ['hypervisor', 'Xen panicked: GENERAL PROTECTION FAULT, [error_code=0000]'],
  ],
  [
    'xen/dom0-not-xen',
    xenProfile,
    ['hypervisor', 'dom0', 'the first domain crashed, and Xen with it'],
  ],
] as const)('%s', ([name, profile, expected]) => {
  expect(seenIn(name, profile)).toEqual(expected)
})
