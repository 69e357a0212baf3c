import fs from 'node:fs/promises'
import path from 'node:path'
import { usualMemory } from '../../boot/scenario.ts'
import { reducibleMenu, type MenuPart, type ReducibleMenu } from '../../bootset/reducible-menu.ts'
import { BootstandError } from '../../core/errors.ts'
import { pathInside } from '../../host/path-inside.ts'
import { shortPath } from '../../host/paths.ts'
import { explainingDisk } from '../../host/run-folder.ts'
import { readRunMenu } from '../../run-folder/run-menu.ts'
import type { MachineOptions } from '../../target/target.ts'
import { failureOf, type Failure } from '../../evidence/failure.ts'
import type { RunInput } from '../../evidence/run-input.ts'
import { keysOf, type TypedKeys } from './keys.ts'
import type { Trial } from './trial.ts'

/** What a boot could do without: of its menu, or of its machine, which then has the usual. */
export type Part = Omit<MenuPart, 'kind'> & {
  readonly kind: MenuPart['kind'] | 'memory' | 'processors' | 'cpu'
}

/** A run that can be tried again. */
export interface Original {
  readonly run: string
  /** A directory in its folder with what it booted, for the boots that are tried; it goes when they are over. */
  readonly root: string
  readonly failure: Failure
  readonly menu: ReducibleMenu
  readonly machine: MachineOptions
  readonly keys: readonly TypedKeys[]
  readonly parts: readonly Part[]
  /** Of a boot with some of the parts, but for its deadline. */
  readonly trialOf: (kept: readonly Part[]) => Omit<Trial, 'within' | 'signal'>
  /** Milliseconds from power-on to the end of the run. */
  readonly uptime: number
}

/** @throws {BootstandError} when there is nothing to minimise, or no way to boot it again. */
export const originalOf = async (input: RunInput): Promise<Original> => {
  const { folder, verdict } = input
  const run = shortPath(folder)
  if (verdict === undefined)
    throw wrong(
      `Expected a finished run at ${run}; found no verdict.json that tells how it was booted.`,
    )
  if (verdict.board !== undefined)
    throw wrong(
      `Expected a run in QEMU at ${run}; found one on board ${verdict.board}. Minimise boots in QEMU only: boot it without --board first.`,
    )
  const { machine } = verdict
  if (machine === undefined)
    throw wrong(`Expected a run in QEMU at ${run}; its verdict names no machine.`)
  const failure = await failureOf(input)
  if (failure === undefined)
    throw wrong(
      `Expected a run that has crashed at ${run}; found the outcome "${verdict.outcome}", by which nothing could be known again.`,
    )
  const text = readRunMenu(folder)
  const menu = text === undefined ? undefined : reducibleMenu(text, verdict.method !== 'direct')
  if (menu === undefined)
    throw wrong(
      `Expected a run with a menu entry at ${run}; found none, so nothing can be left out.`,
    )
  const root = await explainingDisk(folder, async () => {
    const made = await fs.mkdtemp(path.join(folder, 'minimal-'))
    try {
      await copyFiles(input, menu, made)
      return made
    } catch (error) {
      await fs.rm(made, { recursive: true })
      throw error
    }
  })
  const keys = await keysOf(folder, verdict)
  const phase = verdict.phases.at(-1)
  return {
    run: folder,
    root,
    failure,
    menu,
    machine,
    keys,
    parts: [...menu.parts, ...machineParts(machine)],
    trialOf: (kept) => ({
      name: `${verdict.scenario}${minimalSuffix}`,
      menu: menuText(menu, kept),
      machine: machineWith(machine, kept),
      root,
      method: verdict.method,
      consoles: verdict.consoles,
      keys,
      ...(failure.kind === 'hang' && { silence: longestSilence }),
    }),
    uptime: phase === undefined ? 0 : phase.reached + phase.duration,
  }
}

/** How runs are named that are tried. */
export const minimalSuffix = '-minimal'

/** Milliseconds of silence after which a guest hangs. */
const longestSilence = 2_000

/** The boot set as it was booted, in a directory that a menu can be booted from. */
const copyFiles = async (
  { images }: RunInput,
  { files }: ReducibleMenu,
  root: string,
): Promise<void> => {
  for (const file of files) {
    const place = path.posix.normalize(`/${file}`).slice(1)
    const image = images.find((it) => it.place === place)
    // A menu may name what is not there.
    if (image === undefined) continue
    if (image.found === undefined)
      throw wrong(
        `The run's folder has no copy of ${image.name} (${image.role}) as it was booted, so it cannot be booted again. Name a directory that has it with --images DIR.`,
      )
    const copy = pathInside(root, place, { what: 'a file that the menu names' })
    await fs.mkdir(path.dirname(copy), { recursive: true })
    await fs.writeFile(copy, image.found.stored)
  }
}

const machineParts = ({ memory, processors, cpu }: MachineOptions): Part[] => [
  ...(memory === usualMemory
    ? []
    : [{ kind: 'memory', label: `memory ${memory} MiB`, isNeeded: false } as const]),
  ...(processors === undefined
    ? []
    : [{ kind: 'processors', label: `${processors} processors`, isNeeded: false } as const]),
  ...(cpu === undefined
    ? []
    : [{ kind: 'cpu', label: `processor ${cpu}`, isNeeded: false } as const]),
]

const machineWith = (
  { memory, processors, cpu, architecture }: MachineOptions,
  kept: readonly Part[],
): MachineOptions => ({
  architecture,
  memory: kept.some(({ kind }) => kind === 'memory') ? memory : usualMemory,
  ...(kept.some(({ kind }) => kind === 'processors') && { processors }),
  ...(cpu !== undefined && kept.some(({ kind }) => kind === 'cpu') && { cpu }),
})

const menuText = (menu: ReducibleMenu, kept: readonly Part[]): string =>
  menu.print(menu.parts.filter((it) => kept.includes(it)))

/** What a boot goes without, of what another one had. */
export const labelsOf = (parts: readonly Part[], kept: readonly Part[]): string[] =>
  parts.filter((it) => !kept.includes(it)).map(({ label }) => label)

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_MINIMISE', 'usage', message)
