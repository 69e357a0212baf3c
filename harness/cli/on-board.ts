import path from 'node:path'
import { takeBoard, type TakenBoard } from '../target/board/take-board.ts'
import { sayDim } from './print.ts'
import type { OnBoardFlags } from './flags.ts'

/** Takes the board that a command line asks for, if it does, and tells why it takes long. */
export const takeFor = async (
  verb: string,
  what: string | undefined,
  { board, boards }: OnBoardFlags,
  signal?: AbortSignal,
): Promise<TakenBoard | undefined> =>
  board === undefined
    ? undefined
    : await takeBoard(board, {
        ...boardsOf({ boards }),
        signal,
        purpose: `bootstand ${verb} ${what ?? ''}`.trim(),
        say: sayDim,
      })

/** The file that a command line names. */
export const boardsOf = ({
  boards,
}: {
  readonly boards?: string | undefined
}): { readonly boards?: string } => (boards === undefined ? {} : { boards: path.resolve(boards) })
