import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../../core/errors.ts'
import { networkFolder } from '../../media/network.ts'
import type { BootMethod, Medium } from '../../media/medium.ts'
import type { Board } from './board.ts'
import { runCommand } from './power.ts'

/** What a board's boot medium is made as. */
export const boardMethod = ({ medium: { tftp, method } }: Pick<Board, 'medium'>): BootMethod =>
  tftp === undefined ? method : 'network'

/**
 * Brings a medium to where a board boots from.
 *
 * @param folder The run's, in which it was built.
 */
export const bringMedium = async (board: Board, medium: Medium, folder: string): Promise<void> => {
  const { tftp, copy } = board.medium
  if (tftp !== undefined) await fillServer(board, path.resolve(board.directory, tftp), folder)
  if (copy !== undefined)
    await runCommand(board, copy, {
      BOOTSTAND_MEDIUM: medium.image!,
      BOOTSTAND_FILES: medium.workingDirectory,
    })
}

/** Whoever boots meanwhile gets the old file or the new one, never half of it. */
const fillServer = async ({ name }: Board, server: string, folder: string): Promise<void> => {
  const source = path.join(folder, networkFolder)
  try {
    for (const file of await fs.readdir(source)) {
      const part = path.join(server, `.${file}.part`)
      await fs.copyFile(path.join(source, file), part)
      await fs.rename(part, path.join(server, file))
    }
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    throw new BootstandError(
      'BOOTSTAND_BOARD_MEDIUM',
      'host',
      `The TFTP directory ${server} of board ${name} cannot be written (${code}).`,
      { cause: error },
    )
  }
}
