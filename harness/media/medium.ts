import type { Images } from '../bootset/images.ts'

/** How the boot files get into the target's memory. */
export const bootMethods = ['direct', 'iso'] as const
export type BootMethod = (typeof bootMethods)[number]

/** What people's machines do. `direct` is quicker. */
export const defaultMethod: BootMethod = 'iso'

/** What a boot medium is made of. */
export interface MediumParts {
  readonly images: Images
  /** Text of the menu.lst. */
  readonly menu: string
  /** A folder of the run's own; the medium's files go below it. */
  readonly folder: string
}

/** A boot medium that a target can be started from. */
export interface Medium {
  /** What QEMU is told about it; paths are relative to `workingDirectory`. */
  readonly qemuArguments: readonly string[]
  readonly workingDirectory: string
}
