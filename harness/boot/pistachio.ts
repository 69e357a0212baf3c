import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import type { BootSet } from '../bootset/boot-set.ts'
import { pistachioProfile } from '../kernel/pistachio.ts'
import {
  checkOptions,
  commandLine,
  consoleRoles,
  fileName,
  usualMemory,
  usualOptions,
  type Scenario,
  type UsualOptions,
} from './scenario.ts'

const moduleOptions = exactObject({
  file: fileName,
  arguments: commandLine.default(''),
})

/** Checks what `pistachio` is given. */
export const pistachioOptions = exactObject({
  rootTask: fileName,
  arguments: commandLine.default(''),
  kickstart: commandLine.default(''),
  modules: z.array(moduleOptions).default([]),
  resumes: z.boolean().default(false),
  ...usualOptions(usualMemory),
})

/** What `pistachio` takes. */
export interface PistachioOptions<Role extends string = 'herc'> extends UsualOptions<Role> {
  /** File name of the root task, such as `pingpong`. */
  readonly rootTask: string
  /** The root task's command line. */
  readonly arguments?: string
  /** Options of kickstart, such as `kmem=40M maxmem=256M`. */
  readonly kickstart?: string
  /** Further modules, after the root task. */
  readonly modules?: readonly { readonly file: string; readonly arguments?: string }[]
  /**
   * Whether the boot goes on when a program enters the kernel's debugger: at each entry's first time the
   * debugger is asked what it is always asked, then told to go on. Otherwise an entry ends every wait.
   */
  readonly resumes?: boolean
}

/**
 * L4Ka::Pistachio with a root task: kickstart, kernel, sigma0 and the root task, in the order that
 * kickstart wants. Its one console unless `consoles` names others is `herc`, COM1 at 115200 baud, the kernel debugger's.
 */
export const pistachio = <const Role extends string = 'herc'>(
  given: PistachioOptions<Role>,
): Scenario<Role> & { readonly bootSet: BootSet } => {
  const it = checkOptions('pistachio', pistachioOptions, given)
  return {
    title: it.title ?? `L4Ka::Pistachio ${it.rootTask}`,
    profile: pistachioProfile,
    bootSet: {
      kernel: {
        role: 'kickstart',
        names: ['kickstart'],
        arguments: it.kickstart,
        format: 'multiboot',
      },
      modules: [
        {
          role: 'kernel',
          names: ['ia32-kernel', 'x86-kernel'],
          arguments: '',
          format: 'elf32-i386',
        },
        { role: 'sigma0', names: ['sigma0'], arguments: '', format: 'elf32-i386' },
        {
          role: 'root task',
          names: [it.rootTask],
          arguments: it.arguments,
          format: 'elf32-i386',
        },
        ...it.modules.map((module) => ({
          role: 'module',
          names: [module.file],
          arguments: module.arguments,
          format: 'any' as const,
        })),
      ],
    },
    machine: { memory: it.memory, processors: it.processors, cpu: it.cpu },
    consoles: consoleRoles('pistachio', given, ['herc'] as Role[]),
    ...(it.resumes && { resumes: true }),
    speed: 115_200,
  }
}
