import type { BootstandError } from '../core/errors.ts'
import { grubOn } from '../kernel/grub-dialogue.ts'
import { boardMethod } from '../target/board/bring.ts'
import type { Board } from '../target/board/board.ts'
import { boardCannot } from '../target/board/line.ts'
import type { BootOptions } from './boot.ts'
import { planBoot } from './plan-boot.ts'
import type { BootPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'
import { beginningOf, bootIn } from './start.ts'
import type { Target } from './target.ts'

/**
 * Boots a scenario on a real machine.
 *
 * @throws {BootstandError} with the code `BOOTSTAND_BOARD_CANNOT` when it asks for what that has not.
 */
export const bootOnBoard = async <Role extends string>(
  given: Scenario<Role>,
  board: Board,
  options: BootOptions,
): Promise<Target<Role>> => {
  const lack = lackOf(given, board, options)
  if (lack !== undefined) throw cannot(board, lack, options.onCannot)
  const { name = given.title } = options
  const begins = beginningOf(options)
  const isThere = board.medium.resident === true
  // The loader speaks as fast as the board's line does.
  const scenario = { ...given, speed: board.lines[0]!.speed }
  const method = boardMethod(board)
  const prepare = async (folder: string): Promise<BootPlan<Role>> => ({
    ...(isThere
      ? residentPlan(scenario, name, folder)
      : await planBoot(scenario, { ...options, name, method, folder, waits: begins === 'menu' })),
    board,
  })
  const target = await bootIn({ name, machine: scenario.machine, board }, prepare, options)
  if (!isThere || begins !== 'kernel') return target
  try {
    const [first] = target.consoles
    await grubOn(first!.aside({ offset: 0, column: 0 })).pick(scenario.title)
    return target
  } catch (error) {
    await target.stop()
    throw error
  }
}

/** What a scenario wants that a board has not. */
const lackOf = (
  { consoles, machine }: Scenario,
  { lines, memory, processors, medium }: Board,
  { method, order, from, coverage, counted, profile = 'fast' }: BootOptions,
): string | undefined => {
  const usable = medium.resident === true ? undefined : boardMethod({ medium })
  if (consoles.serial.length > lines.length) {
    return `it has ${lines.length} serial ${lines.length === 1 ? 'line' : 'lines'}, and the scenario ${consoles.serial.length}: ${consoles.serial.join(', ')}`
  }
  if (consoles.debug !== undefined) return 'it has no debug port 0xe9'
  if (machine.architecture !== undefined && machine.architecture !== 'i386')
    return `it is booted as a PC of 32 bits, and the scenario wants ${machine.architecture}`
  if ((machine.network?.forward ?? []).length > 0) return 'it forwards no ports'
  if (memory !== undefined && memory < machine.memory)
    return `it has ${memory} MiB of memory, and the scenario wants ${machine.memory}`
  if (processors !== undefined && processors < (machine.processors ?? 1))
    return `it has ${processors} ${processors === 1 ? 'processor' : 'processors'}, and the scenario wants ${machine.processors}`
  if (order === 'exact') return 'nothing notes when its guest wrote each byte'
  if (typeof from === 'object') return 'it goes on from no checkpoint'
  if (coverage === true || counted !== undefined)
    return 'nothing notes which code its guest executes'
  if (profile !== 'fast') return `it keeps its own time, and the profile is ${profile}`
  if (method !== undefined && method !== usable) {
    const how = usable === undefined ? 'what is on it already' : usable
    return `it boots by ${how}, not by ${method}`
  }
  return undefined
}

const cannot = (
  { name }: Board,
  lack: string,
  onCannot: BootOptions['onCannot'],
): BootstandError => {
  const error = boardCannot(`Board ${name} cannot boot this: ${lack}.`)
  onCannot?.(error)
  return error
}

/** Nothing is known here of the files that lie on the board. */
const residentPlan = <Role extends string>(
  { title, machine, consoles, profile, resumes }: Scenario<Role>,
  name: string,
  folder: string,
): BootPlan<Role> => ({
  ...{ name, machine, consoles, profile, resumes },
  guests: 'what is on the board',
  method: 'disk',
  medium: {
    qemuArguments: [],
    workingDirectory: folder,
    notes: [`GRUB was told to boot the entry "${title}" of the menu that is on the board.`],
  },
  images: [],
})
