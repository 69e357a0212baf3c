import { output } from '../../host/output.ts'
import { BootstandError } from '../../core/errors.ts'
import { usageError } from '../../core/typed.ts'
import { printJson } from '../print.ts'
import { describeLine, type Board } from '../../target/board/board.ts'
import { readBoards, usualBoardsFile } from '../../target/board/boards-file.ts'
import { holderOf } from '../../target/board/lock.ts'
import type { Line } from '../../target/board/line.ts'
import { openLine } from '../../target/board/open-line.ts'
import { cycle, powerOf } from '../../target/board/power.ts'
import { describeHolder, takeBoard } from '../../target/board/take-board.ts'
import type { BoardFlags } from '../flags.ts'
import { boardsOf } from '../on-board.ts'

/** `bootstand board list`: every board, how it is reached, and who has it. */
export const boardList = async (flags: BoardFlags): Promise<void> => {
  const boards = await readBoards(boardsOf(flags).boards ?? usualBoardsFile())
  const rows = await Promise.all(
    boards.map(async (board) => ({
      name: board.name,
      kind: board.kind,
      lines: board.lines.map(describeLine),
      power: kindOf(board.power),
      medium: kindOf(board.medium),
      holder: await holderOf(board.name),
    })),
  )
  if (flags.json === true) return printJson(rows)
  const widths = (['name', 'kind'] as const).map((key) =>
    Math.max(...rows.map((row) => row[key].length)),
  )
  for (const { name, kind, lines, power, medium, holder } of rows) {
    const state = holder === undefined ? 'free' : describeHolder(holder)
    output.write(
      `${name.padEnd(widths[0]!)}  ${kind.padEnd(widths[1]!)}  ${lines.join(', ')}; power by ${power}; medium by ${medium}; ${state}\n`,
    )
  }
}

/** What the only kind of a thing is called. */
const kindOf = (it: Board['power'] | Board['medium']): string =>
  ['command', 'http', 'control', 'ask', 'tftp', 'copy', 'resident'].find((name) => name in it)!

const wishes = ['on', 'off', 'cycle'] as const

/** `bootstand board power`: switches a board that nobody else has. */
export const boardPower = async (name: string, what: string, flags: BoardFlags): Promise<void> => {
  const wish = wishes.find((it) => it === what)
  if (wish === undefined) throw usageError(`Expected on, off or cycle; found "${what}".`)
  await using taken = await takeBoard(name, {
    ...boardsOf(flags),
    purpose: `bootstand board power ${name} ${wish}`,
    within: 0,
  })
  const { board } = taken
  // Only a control line needs the line.
  const line = board.power.control === undefined ? undefined : await openIdle(board)
  const power = powerOf(board, () => line)
  try {
    if (wish === 'cycle') await cycle(board, power)
    else if (power.kind === 'switch') await power[wish]()
    else throw noSwitch(board, wish)
  } finally {
    await line?.close()
  }
  output.write(
    wish === 'cycle' ? `Board ${board.name} boots anew.\n` : `Board ${board.name} is ${wish}.\n`,
  )
}

const openIdle = async ({ lines, directory }: Board): Promise<Line> => {
  const nobody = { onBytes: () => {}, onLost: () => {}, onTrouble: () => {} }
  return await openLine(lines[0]!, directory, nobody)
}

const noSwitch = ({ name }: Board, wish: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_BOARD_POWER',
    'usage',
    `Board ${name} can only be reset, not switched ${wish}: its power has no \`on\` and \`off\`. \`cycle\` resets it.`,
  )
