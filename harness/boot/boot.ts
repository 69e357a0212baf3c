import fs from 'node:fs/promises'
import type { Console, WaitError } from '../console/console.ts'
import { Observer, type ObserverEvents } from '../diagnosis/observer.ts'
import { explainingDisk, makeRunFolder } from '../host/run-folder.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { toolPath } from '../host/tools.ts'
import { defaultMethod, type BootMethod } from '../media/medium.ts'
import { startQemu, type QemuOptions } from '../target/qemu/machine.ts'
import type { Machine, TargetEnd } from '../target/target.ts'
import { prepareBoot, type PreparedBoot } from './prepare.ts'
import { RunRecord } from './record.ts'
import type { Scenario } from './scenario.ts'
import { judge, type Verdict } from './verdict.ts'

/** How a scenario is booted this time. */
export interface BootOptions extends ObserverEvents {
  /** What the run is called, in its folder's name and its verdict; the scenario's title otherwise. */
  readonly name?: string
  /** The test on whose behalf it boots. */
  readonly test?: string
  /** Directory with the images; the stand-ins otherwise. */
  readonly images?: string | undefined
  /** `iso` by default. */
  readonly method?: BootMethod
  /** Ends the boot, or every wait on the target. */
  readonly signal?: AbortSignal
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

/**
 * Boots a scenario: finds and checks its files, builds the medium, switches a machine on.
 *
 * @returns a running target; dispose or `stop` it.
 * @throws {BootstandError} that names the culprit, when it cannot be booted.
 */
export const boot = async <Role extends string>(
  scenario: Scenario<Role>,
  options: BootOptions = {},
): Promise<Target<Role>> => {
  const startedAt = new Date().toISOString()
  const method = options.method ?? defaultMethod
  // Looked for before anything is written, so that nothing is left behind when it is missing.
  await toolPath('qemu-system-i386')
  const folder = await makeRunFolder(options.name ?? scenario.title)
  const prepared = await prepareIn(folder, scenario, method, options)
  let lastWait: WaitError | undefined
  const qemu: QemuOptions = {
    folder,
    machine: scenario.machine,
    medium: prepared.medium,
    roles: scenario.consoles,
    stops: scenario.profile.stops,
    signal: options.signal,
    onWaited: (error) => {
      lastWait = error
    },
  }
  const record = new RunRecord({
    scenario: options.name ?? scenario.title,
    test: options.test,
    folder,
    guests: options.images ?? 'stand-ins',
    method,
    images: prepared.images,
    qemu,
    startedAt,
  })
  const machine = await startQemu(qemu).catch(async (error: unknown) => {
    throw await record.neverRan(error)
  })
  const [debuggerConsole] = machine.consoles.values()
  const observer = new Observer(debuggerConsole!.transcript, scenario.profile, options)
  return makeTarget(machine, folder, async () => {
    const end = await machine.stop()
    await observer.done
    return await record.conclude(judge(end, lastWait, options.signal), observer, machine.uptime)
  })
}

const prepareIn = async (
  folder: string,
  scenario: Scenario,
  method: BootMethod,
  { images = standInFolder, signal }: BootOptions,
): Promise<PreparedBoot> => {
  try {
    signal?.throwIfAborted()
    const prepared = await explainingDisk(
      folder,
      async () => await prepareBoot(scenario, { images, method, folder }),
    )
    signal?.throwIfAborted()
    return prepared
  } catch (error) {
    // Nothing has booted: there is no evidence to keep.
    await fs.rm(folder, { recursive: true, force: true })
    throw error
  }
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
