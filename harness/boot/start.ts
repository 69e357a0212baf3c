import fs from 'node:fs/promises'
import path from 'node:path'
import type { Console, WaitError } from '../console/console.ts'
import { Observer, type ObserverEvents } from '../diagnosis/observer.ts'
import { explainingDisk, makeRunFolder } from '../host/run-folder.ts'
import { inspectTool, toolPath } from '../host/tools.ts'
import { firmwareStops } from '../kernel/firmware.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { methodTools } from '../media/build.ts'
import type { BootMethod, Medium } from '../media/medium.ts'
import type { MachineOptions } from '../target/qemu/command-line.ts'
import { qemuArguments, startQemu } from '../target/qemu/machine.ts'
import type { Machine, TargetEnd } from '../target/target.ts'
import { judge, type Verdict, type VerdictImage } from './verdict.ts'

/** Who is told of a boot, and what ends it. */
export interface WatchOptions extends ObserverEvents {
  /** The test on whose behalf it boots. */
  readonly test?: string
  /** Ends every wait on the target. */
  readonly signal?: AbortSignal
  /** Told where the run keeps its files, before the machine is switched on. */
  readonly onRunFolder?: (folder: string) => void
}

/** A booted scenario: its consoles by their role, and what becomes of it. */
export type Target<Role extends string = string> = Readonly<Record<Role, Console>> & BootedTarget

/** What every target has, whatever its consoles are called. */
export interface BootedTarget extends AsyncDisposable {
  readonly runFolder: string
  /** Settles when the machine no longer runs, with how it ended. Never rejects. */
  readonly ended: Promise<TargetEnd>
  /** Switches the machine off and writes the verdict. Safe to call again. */
  stop(): Promise<Verdict>
}

/** All that is to be known of a boot before the machine is switched on. */
export interface BootPlan<Role extends string> {
  /** What the run is called. */
  readonly name: string
  /** Where the files come from, for the verdict. */
  readonly guests: string
  readonly method: BootMethod
  readonly machine: MachineOptions
  /** Roles of the serial ports, COM1's first. */
  readonly consoles: readonly Role[]
  readonly profile: KernelProfile
  readonly medium: Medium
  readonly images: readonly VerdictImage[]
}

/**
 * Boots in a run folder of its own.
 *
 * @param prepare Makes the plan, and the medium in the folder. When it throws, the folder goes.
 */
export const bootIn = async <Role extends string>(
  name: string,
  prepare: (folder: string) => Promise<BootPlan<Role>>,
  options: WatchOptions,
): Promise<Target<Role>> => {
  const startedAt = new Date().toISOString()
  // Looked for before anything is written, so that nothing is left behind when it is missing.
  await toolPath('qemu-system-i386')
  const folder = await makeRunFolder(name)
  const plan = await explainingDisk(folder, async () => await prepare(folder)).catch(
    async (error: unknown) => {
      // Nothing has booted: there is no evidence to keep.
      await fs.rm(folder, { recursive: true, force: true })
      throw error
    },
  )
  options.onRunFolder?.(folder)
  return await switchOn(plan, { folder, startedAt, ...options })
}

const switchOn = async <Role extends string>(
  plan: BootPlan<Role>,
  options: WatchOptions & { readonly folder: string; readonly startedAt: string },
): Promise<Target<Role>> => {
  const { folder, startedAt, signal, test } = options
  const { machine: parts, medium, profile, method } = plan
  let failure: WaitError | undefined
  const qemu = {
    folder,
    machine: parts,
    medium,
    roles: plan.consoles,
    stops: [...firmwareStops, ...profile.stops],
    signal,
    onFailure: (error: WaitError) => {
      failure = error
    },
  }
  const machine = await explainingDisk(folder, async () => await startQemu(qemu))
  const [firstConsole] = machine.consoles.values()
  const observer = new Observer(firstConsole!.transcript, profile, options)

  const conclude = async (): Promise<Verdict> => {
    const end = await machine.stop()
    await observer.done()
    const verdict: Verdict = {
      scenario: plan.name,
      ...(test !== undefined && { test }),
      ...judge(end, failure, signal),
      runFolder: folder,
      guests: plan.guests,
      method,
      notes: medium.notes,
      phases: observer.phases(machine.uptime),
      measurements: observer.measurements,
      images: plan.images,
      versions: await versions(method),
      command: ['qemu-system-i386', ...qemuArguments(qemu)],
      startedAt,
    }
    await explainingDisk(folder, async () => {
      await fs.writeFile(path.join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`)
    })
    return verdict
  }
  return makeTarget(machine, folder, conclude)
}

const versions = async (method: BootMethod): Promise<Record<string, string>> => {
  const used = ['qemu-system-i386', ...methodTools(method)] as const
  const reports = await Promise.all(used.map(inspectTool))
  const entries = reports.map(({ name, version }) => [name, version ?? 'unknown'])
  return { node: process.versions.node, ...Object.fromEntries(entries) }
}

const makeTarget = <Role extends string>(
  machine: Machine,
  runFolder: string,
  conclude: () => Promise<Verdict>,
): Target<Role> => {
  let verdict: Promise<Verdict> | undefined
  const stop = async (): Promise<Verdict> => {
    verdict ??= conclude()
    return await verdict
  }
  const target: BootedTarget = {
    runFolder,
    ended: machine.ended,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
  // The roles are the scenario's own, so its type knows which properties these are.
  return Object.assign(target, Object.fromEntries(machine.consoles)) as Target<Role>
}
