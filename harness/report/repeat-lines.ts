import path from 'node:path'
import { interactiveLineOf } from '../boot/by-hand.ts'
import { usualMemory, type ConsoleRoles } from '../boot/scenario.ts'
import type { Verdict } from '../boot/verdict.ts'
import { cacheFolder } from '../host/paths.ts'
import { builtMedium } from '../media/build.ts'
import { hasRunMenu } from '../run-folder/run-menu.ts'
import { shellLine } from '../target/qemu/command-line.ts'
import type { MachineOptions } from '../target/target.ts'
import { replayLine } from '../evidence/recorded-run.ts'
import type { RunInput } from '../evidence/run-input.ts'

/** What stands for a place in the commands: it is another one for whoever reads them. */
export const placeholders = {
  RUN: "the run's folder",
  DIR: 'a directory with the files above',
} as const

/**
 * Commands that do a run again: a replay and QEMU's own line for a reader who has its folder, boots for one who has its files.
 * All are made here of checked fields: a sender's `qemu.sh` is never copied, and nothing is said of a run without a verdict.
 */
export const repeatLines = ({ folder, verdict }: RunInput): readonly string[] => {
  if (verdict === undefined) return []
  const isRecorded = verdict.recorded !== undefined || verdict.profile === 'record'
  return [
    ...(isRecorded ? [replayLine(folder)] : []),
    shellLine(['npx', 'bootstand', ...words(verdict, hasRunMenu(folder))]),
    ...qemuLine(verdict),
  ]
}

const words = (verdict: Verdict, hasMenu: boolean): string[] => {
  const { scenario, test, method, profile, board, guests, images } = verdict
  // How a board boots is its own affair.
  const where = board === undefined ? ['--method', method] : ['--board', board]
  const isTheirs = guests !== 'stand-ins' && !isOurs(guests) && images.length > 0
  const how = [...(isTheirs ? ['--images', 'DIR'] : []), ...where]
  const clock = profile === 'fast' ? [] : ['--profile', profile]
  if (test !== undefined) return ['run', ...named(scenario, [...how, ...clock])]
  // Of what lies on a board only the scenario is known.
  if (!hasMenu && board !== undefined) return ['boot', ...named(scenario, how)]
  const machine = machineFlags(verdict.machine ?? {}, verdict.consoles)
  if (!hasMenu) return ['boot', '--disk', `DIR/${path.basename(guests)}`, ...machine]
  // What we write a menu for begins with kickstart; a menu of somebody's own says `kernel`.
  if (images[0]?.role === 'kickstart') return ['boot', ...named(scenario, how)]
  const menu = ['--menu', 'RUN/menu.lst', '--root', 'DIR', ...where]
  return ['boot', ...menu, ...machine]
}

/** A scenario and options, such that no name is an option. */
const named = (scenario: string, options: readonly string[]): string[] =>
  scenario.startsWith('-') ? [...options, '--', scenario] : [scenario, ...options]

/** Options by which `bootstand boot` makes such a machine, where it is not the usual one. */
export const machineFlags = (
  { memory = usualMemory, processors = 1, cpu, architecture = 'i386' }: Partial<MachineOptions>,
  { serial }: ConsoleRoles,
): string[] => [
  ...(memory === usualMemory ? [] : ['--memory', String(memory)]),
  ...(processors === 1 ? [] : ['--processors', String(processors)]),
  ...(cpu === undefined ? [] : ['--cpu', cpu]),
  ...(architecture === 'i386' ? [] : ['--architecture', architecture]),
  ...(serial.length === 1 ? [] : ['--ports', String(serial.length)]),
]

/** Whether they are fetched as packages. */
const isOurs = (guests: string): boolean => guests.startsWith(`${cacheFolder}/`)

/** QEMU's own line, for those without Bootstand; none for a board, or for a finished disk, whose place is the sender's. */
const qemuLine = ({ machine, consoles, method, profile, images }: Verdict): string[] => {
  if (machine === undefined || images.length === 0) return []
  const loaded = images.map(({ name = '', arguments: it }) => ({ name, arguments: it }))
  if (loaded.some(({ name }) => name === '')) return []
  const { qemuArguments } = builtMedium(method, loaded)
  return [`cd RUN/medium && ${interactiveLineOf({ machine, consoles }, qemuArguments, profile)}`]
}
