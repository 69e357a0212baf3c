import { exactObject } from '../core/exact-object.ts'
import type { BootSet } from '../bootset/boot-set.ts'
import { l4linuxProfile } from '../kernel/l4linux.ts'
import { pistachio, pistachioOptions, type PistachioOptions } from './pistachio.ts'
import { checkOptions, fileName, type Scenario } from './scenario.ts'

const options = exactObject({
  ...pistachioOptions.omit({ rootTask: true, modules: true }).shape,
  kernel: fileName.optional(),
  ramdisk: fileName.optional(),
})

/** What `l4linux` takes. */
export interface L4LinuxOptions<Role extends string = 'herc' | 'ttyS1'> extends Omit<
  PistachioOptions<Role>,
  'rootTask' | 'modules'
> {
  /** File name of L4Linux; `vmlinuz.VX2` by default. */
  readonly kernel?: string
  /** Linux' command line, such as `root=/dev/ram0 console=herc console=ttyS1,115200`. */
  readonly arguments?: string
  /** File name of the ramdisk, the module right behind Linux. */
  readonly ramdisk?: string
}

/**
 * L4Linux-2.4 on L4Ka::Pistachio, where it is the root task. Console `herc`, COM1, is the kernel
 * debugger's; `ttyS1` is COM2.
 */
export const l4linux = <const Role extends string = 'herc' | 'ttyS1'>(
  given: L4LinuxOptions<Role> = {},
): Scenario<Role> & { readonly bootSet: BootSet } => {
  checkOptions('l4linux', options, given)
  const { kernel = 'vmlinuz.VX2', ramdisk, ...rest } = given
  const scenario = pistachio({
    title: 'L4Linux on L4Ka::Pistachio',
    consoles: ['herc', 'ttyS1'] as Role[],
    ...rest,
    rootTask: kernel,
    modules: ramdisk === undefined ? [] : [{ file: ramdisk }],
  })
  return { ...scenario, profile: l4linuxProfile }
}
