import { codeRanges } from '../diagnosis/coverage.ts'
import { elfSymbols } from '../formats/elf-symbols.ts'
import type { Stretch } from '../formats/execution-log.ts'
import type { KernelProfile } from '../kernel/profile.ts'
import { bringMedium } from '../target/board/bring.ts'
import { startBoard, type BoardOptions } from '../target/board/machine.ts'
import { startQemu, type QemuOptions } from '../target/qemu/machine.ts'
import type { Machine } from '../target/target.ts'
import type { BootPlan } from './plan.ts'
import type { WatchOptions } from './start.ts'

/** What every machine is watched by, whatever it is. */
export type Watched = Omit<
  BoardOptions,
  'board' | 'bring' | 'lineBreak' | 'onCannot' | 'own' | 'roles'
>

/** How QEMU emulates what a plan says; nothing where that is booted on a board. */
export const qemuOf = (
  plan: BootPlan<string>,
  watched: Watched,
  options: WatchOptions,
): QemuOptions | undefined =>
  plan.board === undefined
    ? {
        ...watched,
        machine: plan.machine,
        medium: plan.medium,
        roles: plan.consoles,
        traces: options.order === 'exact',
        code: options.coverage === true ? codeRanges(plan.files ?? []) : undefined,
        profile: options.profile,
        counted: countedStretch(plan.profile, options),
        checkpoint: typeof options.from === 'object' ? options.from : undefined,
        keyRoutines: options.profile === 'deterministic' ? keyRoutines(plan) : undefined,
      }
    : undefined

/** Switches on what a plan says. */
export const startPlanned = async (
  plan: BootPlan<string>,
  qemu: QemuOptions | undefined,
  watched: Watched,
  { onCannot }: WatchOptions,
): Promise<Machine> => {
  if (qemu !== undefined) return await startQemu(qemu)
  const { consoles, profile, medium } = plan
  const board = plan.board!
  return await startBoard({
    ...watched,
    board,
    roles: consoles.serial,
    own: {
      banner: board.banner === undefined ? undefined : new RegExp(board.banner),
      begins: profile.begins ?? profile.milestones[0]?.pattern,
    },
    lineBreak: profile.lineBreak,
    bring: async () => await bringMedium(board, medium, watched.folder),
    onCannot,
  })
}

/** Where programs read keys, by the symbols of their files. */
const keyRoutines = ({ profile, files = [] }: BootPlan<string>): number[] => {
  const { readsKeys } = profile
  if (readsKeys === undefined) return []
  const symbols = files.flatMap(({ bytes }) => elfSymbols(bytes))
  return [...new Set(symbols.filter(({ name }) => readsKeys.test(name)).map((it) => it.address))]
}

/** What is counted; nothing where measured lines are asked for and nobody knows any, or the log is for something else. */
const countedStretch = (
  { measurements: [measured] }: KernelProfile,
  options: WatchOptions,
): Stretch | undefined => {
  if (options.counted !== 'measured') return options.counted
  if (measured === undefined || isLogTaken(options)) return undefined
  const { heading, line } = measured
  return { heading, from: line, to: line }
}

/** Whether QEMU's log is for something else than counting. */
export const isLogTaken = ({ coverage, order }: WatchOptions): boolean =>
  coverage === true || order === 'exact'
