import type { ImageFile } from '../diagnosis/address-map.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { BootMethod, Medium } from '../media/medium.ts'
import type { ConsoleRoles } from './scenario.ts'
import type { Board } from '../target/board/board.ts'
import type { MachineOptions } from '../target/target.ts'
import type { VerdictImage } from './verdict.ts'

/** All that is to be known of a boot before the machine is switched on. */
export interface BootPlan<Role extends string> {
  /** What the run is called. */
  readonly name: string
  /** Where the files come from, for the verdict. */
  readonly guests: string
  readonly method: BootMethod
  /** The real machine that it boots on; QEMU's without. */
  readonly board?: Board | undefined
  readonly machine: MachineOptions
  readonly consoles: ConsoleRoles<Role>
  readonly profile: KernelProfile
  /** As the scenario says. */
  readonly resumes?: boolean | undefined
  /** Text of the menu that GRUB reads, where it is known. */
  readonly menu?: string
  readonly medium: Medium
  readonly images: readonly VerdictImage[]
  /** The same with their bytes, the multiboot kernel first, where they are known. */
  readonly files?: readonly ImageFile[]
}
