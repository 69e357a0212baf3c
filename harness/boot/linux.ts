import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import type { BootSet } from '../bootset/boot-set.ts'
import { debianLinux } from '../guests/debian-linux.ts'
import { linuxProfile } from '../kernel/linux.ts'
import { architectures, type Architecture, type NetworkOptions } from '../target/target.ts'
import {
  checkOptions,
  commandLine,
  consoleRoles,
  fileName,
  usualOptions,
  type Scenario,
  type UsualOptions,
} from './scenario.ts'

const options = exactObject({
  arguments: commandLine.default(''),
  kernel: fileName.default('vmlinuz'),
  initrd: z.union([fileName, z.literal(false)]).default('initrd'),
  architecture: z.enum(architectures).default('x86_64'),
  network: exactObject({ forward: z.array(z.int().min(1).max(65_535)).default([]) }).optional(),
  ...usualOptions(256),
})

/** What `linux` takes. */
export interface LinuxOptions<Role extends string = 'ttyS0'> extends UsualOptions<Role> {
  /** The kernel's command line. */
  readonly arguments?: string
  /** File name of the kernel, a bzImage; `vmlinuz` by default. */
  readonly kernel?: string
  /** File name of the initial ramdisk, `initrd` by default; `false` for none. */
  readonly initrd?: string | false
  /** x86_64 by default. */
  readonly architecture?: Architecture
  /** A network card (virtio), and which of the guest's TCP ports the test can reach; none without. */
  readonly network?: NetworkOptions
}

/**
 * Linux on a PC. Without images of the user it is Debian's kernel for virtual machines with a ramdisk of
 * Bootstand's, which `docs/linux.md` describes. Its consoles are `ttyS0` and `ttyS1` unless `consoles` names others.
 */
export const linux = <const Role extends string = 'ttyS0' | 'ttyS1'>(
  given: LinuxOptions<Role> = {},
): Scenario<Role> & { readonly bootSet: BootSet } => {
  const it = checkOptions('linux', options, given)
  const ramdisk = {
    role: 'initial ramdisk',
    names: [it.initrd === false ? '' : it.initrd],
    arguments: '',
    format: 'any',
    isInitrd: true,
  } as const
  return {
    title: it.title ?? 'Linux',
    profile: linuxProfile,
    guests: debianLinux,
    bootSet: {
      kernel: { role: 'kernel', names: [it.kernel], arguments: it.arguments, format: 'linux' },
      modules: it.initrd === false ? [] : [ramdisk],
    },
    machine: {
      memory: it.memory,
      processors: it.processors,
      cpu: it.cpu,
      architecture: it.architecture,
      network: it.network,
    },
    consoles: consoleRoles('linux', given, ['ttyS0', 'ttyS1'] as Role[]),
    speed: 115_200,
  }
}
