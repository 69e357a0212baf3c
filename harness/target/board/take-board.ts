import { setTimeout as pause } from 'node:timers/promises'
import { BootstandError } from '../../core/errors.ts'
import { formatDuration } from '../../core/text.ts'
import type { Board } from './board.ts'
import { boardsNamed, readBoards, usualBoardsFile } from './boards-file.ts'
import { holderOf, tryLock, type Holder, type Lock } from './lock.ts'
import { runCommand } from './power.ts'

/** A board that is nobody else's until it is given back. */
export interface TakenBoard extends AsyncDisposable {
  readonly board: Board
  release(): Promise<void>
}

/** How a board is taken. */
export interface TakeOptions {
  /** The file that describes the boards; `boards.yaml` beside the scenarios otherwise. */
  readonly boards?: string | undefined
  /** What for, as others are told who wait for it. */
  readonly purpose?: string
  /** Milliseconds to wait for a free one; half an hour by default. */
  readonly within?: number
  /** Told why it takes long. */
  readonly say?: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds. Who waits for a board waits for a boot or a whole run. */
const usualWait = 1_800_000
const interval = 500
const reminder = 60_000

/**
 * Takes a board of a name, or a free and healthy one of a kind; waits while others have them.
 *
 * @throws {BootstandError} when there is none, none is healthy, or none becomes free in time.
 */
export const takeBoard = async (
  wanted: string,
  { boards: file = usualBoardsFile(), ...options }: TakeOptions = {},
): Promise<TakenBoard> => {
  const { purpose = 'a program', within = usualWait, say = () => {}, signal } = options
  const candidates = boardsNamed(await readBoards(file), wanted, file)
  const ill = new Map<Board, unknown>()
  const started = performance.now()
  let said = Number.NEGATIVE_INFINITY
  for (;;) {
    for (const board of candidates.filter((it) => !ill.has(it))) {
      const lock = await tryLock(board.name, purpose)
      if (lock === undefined) continue
      const problem = await illnessOf(board)
      if (problem === undefined) return taken(board, lock)
      await lock.release()
      ill.set(board, problem)
      say(`Board ${board.name} is not healthy: ${problem.message.split('\n')[0]}`)
    }
    if (ill.size === candidates.length) throw ill.values().next().value
    const waited = performance.now() - started
    const held = await holders(candidates.filter((it) => !ill.has(it)))
    if (waited > within) throw stillHeld(wanted, held, waited)
    if (performance.now() - said > reminder && held.length > 0) {
      say(`Waiting for a board: ${held.join('; ')}.`)
      said = performance.now()
    }
    await pause(interval, undefined, { signal })
  }
}

const taken = (board: Board, lock: Lock): TakenBoard => {
  const release = async () => await lock.release()
  return { board, release, [Symbol.asyncDispose]: release }
}

const illnessOf = async (board: Board): Promise<Error | undefined> => {
  if (board.health === undefined) return undefined
  return await runCommand(board, board.health).then(
    () => undefined,
    (error: Error) => error,
  )
}

const holders = async (boards: readonly Board[]): Promise<string[]> => {
  const found = await Promise.all(
    boards.map(async ({ name }) => ({ name, holder: await holderOf(name) })),
  )
  return found.flatMap(({ name, holder }) =>
    holder === undefined ? [] : [`${name} is ${describeHolder(holder)}`],
  )
}

/** `held by alice for bootstand run pingpong (process 4711), since 12.30 s`. */
export const describeHolder = ({ user, purpose, process: id, since }: Holder): string =>
  `held by ${user} for ${purpose} (process ${id}), since ${formatDuration(Date.now() - Date.parse(since))}`

const stillHeld = (wanted: string, held: readonly string[], waited: number): BootstandError =>
  new BootstandError(
    'BOOTSTAND_BOARD_BUSY',
    'host',
    `No board ${wanted} became free within ${formatDuration(waited)}: ${held.join('; ')}.`,
  )
