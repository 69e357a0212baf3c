import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { isMenuSet, entryOf } from '../bootset/menu-set.ts'
import type { MenuSet } from '../bootset/boot-set.ts'
import { driveOf } from '../bootset/menu-set.ts'
import { readableText } from '../core/text.ts'
import { commandsOf } from '../formats/menu/menu-file.ts'
import type { Guests } from '../guests/guests.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { gnumachProfile } from '../kernel/gnumach.ts'
import { grubProfile } from '../kernel/grub.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { xenProfile } from '../kernel/xen.ts'
import { defaultMethod, type BootMethod } from '../media/medium.ts'
import { architectures, type Architecture } from '../target/target.ts'
import {
  checkOptions,
  consoleRoles,
  usualMemory,
  usualOptions,
  type Scenario,
  type UsualOptions,
} from './scenario.ts'

const options = exactObject({
  menu: z.string(),
  entry: z.string().min(1).optional(),
  missingFiles: z.enum(['reject', 'allow']).optional(),
  profile: z.custom<KernelProfile>((it) => typeof it === 'object').optional(),
  architecture: z.enum(architectures).optional(),
  guests: z.custom<Guests>((it) => typeof it === 'object').optional(),
  ...usualOptions(usualMemory),
})

/** What `grubMenu` takes. */
export interface GrubMenuOptions<Role extends string = 'com1'> extends UsualOptions<Role> {
  /** Text of a `menu.lst`. A file's bytes should be read as `latin1`. */
  readonly menu: string
  /** Title of the entry to boot at once. Without it the menu does what it says itself. */
  readonly entry?: string
  /**
   * Whether files that the entry loads may be missing: `reject` (the default) fails before the boot, `allow` boots, to
   * see what GRUB prints then. `direct` has no GRUB and always rejects.
   */
  readonly missingFiles?: 'reject' | 'allow' | undefined
  /** What the booted kernel prints; without it what the name of the entry's kernel tells. */
  readonly profile?: KernelProfile
  /** What its processors are; i386 by default. */
  readonly architecture?: Architecture | undefined
  /** What is booted where a user names no directory of images. */
  readonly guests?: Guests
}

/**
 * A hand-written menu, booted as it is with the directory that its files lie in: `boot(grubMenu({
 * menu }), { images: directory })`. Its console `com1` is COM1; what GRUB prints is
 * seen there if the menu has `serial` and `terminal` lines.
 */
export const grubMenu = <const Role extends string = 'com1'>(
  given: GrubMenuOptions<Role>,
): Scenario<Role> => {
  const it = checkOptions('grubMenu', options, given)
  const bootSet: MenuSet = {
    menu: it.menu,
    ...(it.entry !== undefined && { entry: it.entry }),
    missingFiles: it.missingFiles,
  }
  const entry = entryOf(bootSet)
  return {
    title: it.title ?? (entry === undefined ? 'GRUB menu' : readableText(entry.title)),
    profile: it.profile ?? profileOf(bootSet),
    bootSet,
    guests: it.guests,
    machine: {
      memory: it.memory,
      processors: it.processors,
      cpu: it.cpu,
      architecture: it.architecture,
    },
    consoles: consoleRoles('grubMenu', given, ['com1'] as Role[]),
    speed: 115_200,
  }
}

/** The text of a menu does not tell more of a kernel than its name. */
const profileOf = (set: MenuSet): KernelProfile => {
  const commands = commandsOf(entryOf(set)?.statements ?? [])
  const kernel = commands.findLast(({ name }) => name === 'kernel')
  const names = kernel?.words.map(({ text }) => text.slice(text.lastIndexOf('/') + 1)) ?? []
  const [, known = grubProfile] =
    profiles.find(([pattern]) => names.some((it) => pattern.test(it))) ?? []
  const hasL4Linux = commands.some(({ words }) => /\bvmlinuz\.VX2\b/.test(words[0]?.text ?? ''))
  return known === pistachioProfile && hasL4Linux ? l4linuxProfile : known
}

/** Of each kernel, by the names that its file may have. */
const profiles: readonly (readonly [RegExp, KernelProfile])[] = [
  [/^kickstart/, pistachioProfile],
  [/^bootstrap/, fiascoProfile],
  [/^gnumach/, gnumachProfile],
  [/^xen(?:[.-]|$)/, xenProfile],
]

const methods = { floppy: 'floppy', 'hard-disk': 'disk', cdrom: 'iso' } as const

/** How a scenario boots when nobody says it: by the medium that its own menu names. */
export const methodFor = ({ bootSet }: Scenario): BootMethod => {
  const drive = isMenuSet(bootSet) ? driveOf(bootSet) : undefined
  return drive === undefined ? defaultMethod : methods[drive]
}
