import type { ConsoleState } from '../console/console-state.ts'

/** A moment of a machine, from which it and others can go on. What it is made of lies in a folder of its own. */
export interface MachineCheckpoint {
  /** As its author calls it. */
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** Milliseconds since power-on. */
  readonly uptime: number
  /** As the machine said of itself. */
  readonly isExact: boolean
  /** By role. */
  readonly consoles: Readonly<Record<string, ConsoleState>>
}

/** Names of the files of a checkpoint, besides `ROLE.out` with what each console had printed. */
export const checkpointFiles = {
  /** Memory and devices, as QEMU writes them. */
  state: 'state.qcow2',
  description: 'checkpoint.json',
} as const
