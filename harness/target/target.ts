import type { Console } from '../console/console.ts'
import type { Timing } from '../console/deadline-clock.ts'
import type { Vga } from '../console/vga.ts'
import type { Architecture } from '../core/boot-choices.ts'
import type { Culprit } from '../core/errors.ts'
import type { MachineCheckpoint } from './checkpoint.ts'
import type { CountedStretch } from '../formats/execution-log.ts'
import type { Examination, Unseen } from './examination.ts'

/** How a target stopped running, and what proves it. */
export interface TargetEnd {
  readonly kind: TargetEndKind
  /** One clause, such as `the guest reset itself after a triple fault`. */
  readonly what: string
  /** Nobody, when the harness switched it off. */
  readonly culprit?: Culprit | undefined
}

export type TargetEndKind =
  /** The harness switched it off. */
  'switched-off' | 'reset' | 'triple-fault' | 'shutdown' | 'panic' | 'emulator-failed'

export { architectures, profiles, type Architecture, type Profile } from '../core/boot-choices.ts'

/** A network card, behind which the emulator is router, DHCP and name server. */
export interface NetworkOptions {
  /** The guest's TCP ports that can be reached from the host: see `target.forwarded`. */
  readonly forward?: readonly number[]
}

/** What a scenario says of the machine. */
export interface MachineOptions {
  /** Mebibytes of memory. */
  readonly memory: number
  /** 1 without. */
  readonly processors?: number | undefined
  /** QEMU's name of a processor model; its default otherwise. */
  readonly cpu?: string | undefined
  /** What its processors are; i386 by default. */
  readonly architecture?: Architecture | undefined
  /** None without. */
  readonly network?: NetworkOptions | undefined
}

/** A machine that is switched on. Dispose it to switch it off. */
export interface Machine extends AsyncDisposable {
  /** Its consoles by role. */
  readonly consoles: ReadonlyMap<string, Console>
  readonly vga: Vga
  /** What a verdict says of the machine itself, one sentence each. */
  readonly notes: readonly string[]
  /** By what deadlines are measured. */
  readonly timing: Timing
  /** Milliseconds since power-on, until the machine ended. */
  readonly uptime: number
  /** Settles when the machine no longer runs. Never rejects. */
  readonly ended: Promise<TargetEnd>
  /** Whether nothing of the host's time has come into it: keys were given at instructions, or not at all. */
  readonly isExact: boolean
  /** What the guest executed in the stretches that are counted and came to their ends, once the machine has stopped. */
  readonly counted: readonly CountedStretch[]
  /** Looks at processor, emulator and disk for a moment, while it runs, where it can be looked into. Never rejects. */
  examine(): Promise<Examination | Unseen>
  /**
   * The port of the host's 127.0.0.1 that leads to one of the guest's.
   *
   * @throws {BootstandError} when the machine's options do not forward it.
   */
  forwarded(port: number): Promise<number>
  /**
   * Keeps its state in a new folder; the machine goes on.
   *
   * @throws {BootstandError} when it cannot be kept.
   */
  checkpoint(name: string, folder: string): Promise<MachineCheckpoint>
  /**
   * Goes back, or on, to a checkpoint of a machine like it.
   *
   * @throws {BootstandError} when it cannot.
   */
  restore(checkpoint: MachineCheckpoint): Promise<void>
  /** Switches it off and waits until nothing of it is left. Safe to call again. */
  stop(): Promise<TargetEnd>
}
