import fs from 'node:fs/promises'
import path from 'node:path'
import type { Image } from '../bootset/images.ts'
import type { Console, WaitError } from '../console/console.ts'
import { Observer, type ObserverEvents } from '../diagnosis/observer.ts'
import { explainingDisk, makeRunFolder } from '../host/run-folder.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { inspectTool, toolPath } from '../host/tools.ts'
import { methodTools } from '../media/build.ts'
import type { BootMethod } from '../media/medium.ts'
import { qemuArguments, startQemu } from '../target/qemu/machine.ts'
import type { Machine, TargetEnd } from '../target/target.ts'
import { prepareBoot } from './prepare.ts'
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
  readonly method?: BootMethod
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
  const method = options.method ?? 'direct'
  // Looked for before anything is written, so that nothing is left behind when it is missing.
  await toolPath('qemu-system-i386')
  const folder = await makeRunFolder(options.name ?? scenario.title)
  const prepareOptions = { images: options.images ?? standInFolder, method, folder }
  const { images, medium } = await explainingDisk(
    folder,
    async () => await prepareBoot(scenario, prepareOptions),
  ).catch(async (error: unknown) => {
    // Nothing has booted: there is no evidence to keep.
    await fs.rm(folder, { recursive: true, force: true })
    throw error
  })
  options.onRunFolder?.(folder)

  let failure: WaitError | undefined
  const qemu = {
    folder,
    machine: scenario.machine,
    medium,
    roles: scenario.consoles,
    stops: scenario.profile.stops,
    signal: options.signal,
    onFailure: (error: WaitError) => {
      failure = error
    },
  }
  const machine = await explainingDisk(folder, async () => await startQemu(qemu))
  const [debuggerConsole] = machine.consoles.values()
  const observer = new Observer(debuggerConsole!.transcript, scenario.profile, options)

  const conclude = async (): Promise<Verdict> => {
    const end = await machine.stop()
    await observer.done()
    const verdict: Verdict = {
      scenario: options.name ?? scenario.title,
      ...(options.test !== undefined && { test: options.test }),
      ...judge(end, failure, options.signal),
      runFolder: folder,
      guests: options.images ?? 'stand-ins',
      method,
      notes: medium.notes,
      phases: observer.phases(machine.uptime),
      measurements: observer.measurements,
      images: [images.kernel, ...images.modules].map(describeImage),
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

const describeImage = ({ role, path: found, size, sha256, arguments: words }: Image) => ({
  role,
  path: found,
  size,
  sha256,
  arguments: words,
})

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
