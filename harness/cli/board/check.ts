import { output } from '../../host/output.ts'
import { styleText } from 'node:util'
import { exitStatuses } from '../../core/errors.ts'
import { printJson } from '../print.ts'
import type { Board } from '../../target/board/board.ts'
import { boardsNamed, readBoards, usualBoardsFile } from '../../target/board/boards-file.ts'
import { checkBoard, type CheckedStep } from '../../target/board/check.ts'
import { takeBoard } from '../../target/board/take-board.ts'
import type { BoardFlags } from '../flags.ts'
import { boardsOf } from '../on-board.ts'
import { interruptible } from '../signals.ts'

/** `bootstand board check`: what would keep boards from being used. */
export const boardCheck = async (name: string | undefined, flags: BoardFlags): Promise<void> =>
  await interruptible(async (signal) => await checkBoards(name, flags, signal))

const checkBoards = async (
  name: string | undefined,
  flags: BoardFlags,
  signal: AbortSignal,
): Promise<void> => {
  const file = boardsOf(flags).boards ?? usualBoardsFile()
  const all = await readBoards(file)
  const chosen = name === undefined ? all : boardsNamed(all, name, file)
  const results: { readonly board: string; readonly steps: readonly CheckedStep[] }[] = []
  for (const { name: board } of chosen) {
    if (flags.json !== true) output.write(`${board}\n`)
    const steps: CheckedStep[] = []
    const note = (step: CheckedStep) => {
      steps.push(step)
      if (flags.json !== true) output.write(`  ${lineOf(step)}\n`)
    }
    await check(board, file, note, signal)
    results.push({ board, steps })
  }
  if (flags.json === true) printJson(results)
  if (results.some(({ steps }) => steps.some(({ isGood }) => !isGood)))
    process.exitCode = exitStatuses.host
}

const check = async (
  name: Board['name'],
  boards: string,
  note: (step: CheckedStep) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const purpose = `bootstand board check ${name}`
    await using taken = await takeBoard(name, { boards, purpose, within: 0 })
    await checkBoard(taken.board, note, signal)
  } catch (error) {
    signal.throwIfAborted()
    note({ isGood: false, what: (error as Error).message })
  }
}

const lineOf = ({ isGood, what }: CheckedStep): string =>
  `${isGood ? styleText('green', '✓') : styleText('red', '✗')} ${what}`
