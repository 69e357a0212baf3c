import type { Console } from '../console/console.ts'
import {
  waitForAll,
  waitForAny,
  type Awaitable,
  type FirstMatch,
  type Patterns,
  type TogetherOptions,
} from '../console/together.ts'
import type { Match } from '../console/wait.ts'
import type { Vga } from '../console/vga.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import { debuggerOn, type Debugger } from '../kernel/debugger/debugger.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import type { Machine, TargetEnd } from '../target/target.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Verdict } from './verdict.ts'

/** A booted scenario: its consoles by their role, and what becomes of it. */
export type Target<Role extends string = string> = Readonly<Record<Role, Console>> &
  BootedTarget &
  Together<Role>

/** Waits on several consoles of a target, and its `vga`, at once. */
export interface Together<Role extends string> {
  /** Waits until one of them prints its pattern: `waitForAny({ herc: 'KD#', ttyS1: 'login:' })`. */
  readonly waitForAny: (
    patterns: Patterns<Role | 'vga'>,
    options?: TogetherOptions<Role | 'vga'>,
  ) => Promise<FirstMatch<Role | 'vga'>>
  /** Waits until each of them has printed its pattern, in whatever order. */
  readonly waitForAll: (
    patterns: Patterns<Role | 'vga'>,
    options?: TogetherOptions<Role | 'vga'>,
  ) => Promise<Record<Role | 'vga', Match>>
}

/** What every target has, whatever its consoles are called. */
export interface BootedTarget extends AsyncDisposable {
  readonly runFolder: string
  /** All of them, COM1's first. */
  readonly consoles: readonly Console[]
  /** What was booted, the multiboot kernel first; none where a finished disk was. */
  readonly files: readonly ImageFile[]
  /** Its text screen and keyboard. */
  readonly vga: Vga
  /**
   * The kernel's debugger, on the first console.
   *
   * @throws {BootstandError} when the kernel has none that can be asked.
   */
  readonly debugger: Debugger
  /**
   * The port of 127.0.0.1 that leads to a TCP port of the guest, where the scenario's `network` forwards it.
   *
   * @throws {BootstandError} when it does not.
   */
  forwarded(port: number): Promise<number>
  /**
   * Keeps the guest's state, and how far its consoles were heard, to go on from there: `boot(scenario, { from })`
   * in another machine, `restore` in this one. The guest goes on.
   *
   * @param name Of its folder below the run's `checkpoints`: letters, digits, - and _.
   * @throws {BootstandError} when the machine has a disk that the guest can write, or has ended.
   */
  checkpoint(name: string): Promise<Checkpoint>
  /**
   * Goes back to a checkpoint of this boot, or to that from which it was booted. Waits then begin behind
   * everything that was printed.
   */
  restore(checkpoint: Checkpoint): Promise<void>
  /** Settles when the machine no longer runs, with how it ended. Never rejects. */
  readonly ended: Promise<TargetEnd>
  /** Switches the machine off and writes the verdict. Safe to call again. */
  stop(): Promise<Verdict>
}

/**
 * The target of a machine that runs.
 *
 * @param conclude Switches it off and judges, once.
 */
export const makeTarget = <Role extends string>(
  parts: {
    readonly machine: Machine
    readonly folder: string
    readonly profile: KernelProfile
    readonly files: readonly ImageFile[]
    readonly keep: (name: string) => Promise<Checkpoint>
    readonly restore: (checkpoint: Checkpoint) => Promise<void>
  },
  conclude: () => Promise<Verdict>,
): Target<Role> => {
  let verdict: Promise<Verdict> | undefined
  const stop = async (): Promise<Verdict> => {
    verdict ??= conclude()
    return await verdict
  }
  const { machine, folder, profile, files, keep, restore } = parts
  const { consoles } = machine
  const [first] = consoles.values()
  const awaited = new Map<string, Awaitable>([...consoles, ['vga', machine.vga]])
  const target: BootedTarget & Together<Role> = {
    runFolder: folder,
    consoles: [...consoles.values()],
    files,
    waitForAny: async (patterns, options) => await waitForAny(awaited, patterns, options),
    waitForAll: async (patterns, options) => await waitForAll(awaited, patterns, options),
    vga: machine.vga,
    get debugger() {
      return debuggerOn(first!, profile)
    },
    forwarded: async (port) => await machine.forwarded(port),
    checkpoint: keep,
    restore,
    ended: machine.ended,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
  // The roles are the scenario's own, so its type knows which properties these are.
  return Object.assign(target, Object.fromEntries(consoles)) as Target<Role>
}
