/** How the boot files get into the target's memory. */
export const bootMethods = ['direct', 'iso', 'floppy', 'disk', 'network'] as const
export type BootMethod = (typeof bootMethods)[number]

/** PCs that can be emulated: `x86_64` has a 64-bit mode too. */
export const architectures = ['i386', 'x86_64'] as const
export type Architecture = (typeof architectures)[number]

/** QEMU's name of a processor model, with features such as `,+x` or `,family=6`. Every other comma would begin another option. */
export const cpuModel = /^[A-Za-z0-9][\w.-]*(?:,[+-]?[A-Za-z][\w.-]*(?:=[\w.-]+)?)*$/

/**
 * By which clock a machine runs: `fast` by the host's, `deterministic` by the instructions that the guest has
 * executed, so that the same boot is the same each time; `record` writes down what came from outside of the
 * guest and when, so that the boot can be run again.
 */
export const profiles = ['fast', 'deterministic', 'record'] as const
export type Profile = (typeof profiles)[number]
