import { BootstandError } from '../core/errors.ts'
import type { BootMethod } from '../media/medium.ts'
import type { Board } from '../target/board/board.ts'
import { methodFor } from './grub-menu.ts'
import { bootOnBoard } from './on-board.ts'
import { planBoot } from './plan-boot.ts'
import type { Scenario } from './scenario.ts'
import { beginningOf, bootIn, type WatchOptions } from './start.ts'
import type { Target } from './target.ts'

/** How a scenario is booted this time. */
export interface BootOptions extends WatchOptions {
  /** What the run is called, in its folder's name and its verdict; the scenario's title otherwise. */
  readonly name?: string
  /** Directory with the images; the scenario's own guests otherwise. */
  readonly images?: string | undefined
  /** `iso` by default; for a menu that is booted as it is, the medium that it names. */
  readonly method?: BootMethod | undefined
  /** A real machine to boot on, which nobody else uses meanwhile: see `takeBoard`. QEMU's without. */
  readonly board?: Board | undefined
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
  const { board } = options
  if (board !== undefined) return await bootOnBoard(scenario, board, options)
  const { name = scenario.title, method = methodFor(scenario) } = options
  const waits = beginningOf(options) === 'menu'
  if (waits && method === 'direct') throw noMenu()
  const prepare = async (folder: string) =>
    await planBoot(scenario, { ...options, name, method, folder, waits })
  return await bootIn({ name, machine: scenario.machine }, prepare, options)
}

const noMenu = (): BootstandError =>
  new BootstandError(
    'BOOTSTAND_METHOD',
    'usage',
    "Expected a method with a menu for from: 'menu', found direct: QEMU's own loader has none. Boot by iso.",
  )
