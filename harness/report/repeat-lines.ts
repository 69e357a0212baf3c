import fs from 'node:fs'
import path from 'node:path'
import { usualMemory, type ConsoleRoles } from '../boot/scenario.ts'
import type { Verdict } from '../boot/verdict.ts'
import { cacheFolder, shortPath } from '../host/paths.ts'
import { machineIn, shellLine } from '../target/qemu/command-line.ts'
import type { MachineOptions } from '../target/target.ts'
import { replayLine } from '../evidence/recorded-run.ts'
import type { RunInput } from '../evidence/run-input.ts'

/** What stands for a place in the commands: it is another one for whoever reads them. */
export const placeholders = {
  RUN: "the run's folder",
  DIR: 'a directory with the files above',
} as const

/** Commands that do a run again: a replay and QEMU's own line for somebody who has its folder, boots for somebody who has its files. */
export const repeatLines = ({ folder, verdict }: RunInput): readonly string[] => {
  // A run that was killed has its script all the same.
  if (verdict === undefined) return scriptLines(folder)
  const hasMenu = fs.existsSync(path.join(folder, 'menu.lst'))
  const isRecorded = verdict.recorded !== undefined || verdict.profile === 'record'
  return [
    ...(isRecorded ? [replayLine(folder)] : []),
    shellLine(['npx', 'bootstand', ...words(verdict, hasMenu)]),
    ...qemuLine(folder),
  ]
}

const words = (verdict: Verdict, hasMenu: boolean): string[] => {
  const { scenario, test, method, profile, board, guests, images } = verdict
  // How a board boots is its own affair.
  const where = board === undefined ? ['--method', method] : ['--board', board]
  const isTheirs = guests !== 'stand-ins' && !isOurs(guests) && images.length > 0
  const how = [...(isTheirs ? ['--images', 'DIR'] : []), ...where]
  const clock = profile === 'fast' ? [] : ['--profile', profile]
  if (test !== undefined) return ['run', scenario, ...how, ...clock]
  // Of what lies on a board only the scenario is known.
  if (!hasMenu && board !== undefined) return ['boot', scenario, ...how]
  const machine = machineFlags(machineIn(verdict.command), verdict.consoles)
  if (!hasMenu) return ['boot', '--disk', path.basename(guests), ...machine]
  // What we write a menu for begins with kickstart; a menu of somebody's own says `kernel`.
  if (images[0]?.role === 'kickstart') return ['boot', scenario, ...how]
  const menu = ['--menu', 'RUN/menu.lst', '--root', 'DIR', ...where]
  return ['boot', ...menu, ...machine]
}

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

/** The run's script, for somebody who has its folder, and its line. */
const scriptLines = (folder: string): string[] => {
  const line = qemuLine(folder)
  return line.length === 0
    ? []
    : [shellLine(['sh', shortPath(path.join(folder, 'qemu.sh'))]), ...line]
}

/** The line of the run's script, for those without Bootstand. */
const qemuLine = (folder: string): string[] => {
  try {
    const script = fs.readFileSync(path.join(folder, 'qemu.sh'), 'utf8')
    const line = / exec (?<line>.+)$/m.exec(script)!.groups!['line']!
    return [`cd RUN/medium && ${line.replace(' $sandbox ', ' ')}`]
  } catch {
    return []
  }
}
