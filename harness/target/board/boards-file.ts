import fs from 'node:fs/promises'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { prettifyError } from 'zod'
import { BootstandError, systemCode } from '../../core/errors.ts'
import { didYouMean } from '../../core/nearest.ts'
import { projectRoot, shortPath } from '../../host/paths.ts'
import { boardOptions, boardsSchema, type Board } from './board.ts'

/** Where boards are described when nobody says it: beside the scenarios. */
export const usualBoardsFile = (): string => path.join(projectRoot(), 'boards.yaml')

/**
 * Reads the boards that a file describes (YAML 1.2, so JSON too).
 *
 * @throws {BootstandError} that says what was expected and found, for each option.
 */
export const readBoards = async (file: string): Promise<readonly Board[]> => {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    const found =
      systemCode(error) === 'ENOENT' ? 'found nothing' : `it cannot be read (${systemCode(error)})`
    throw wrongFile(
      `Expected a description of boards at ${file}; ${found}. docs/boards.md has one to begin with.`,
    )
  })
  const document = parseDocument(text)
  const [defect] = document.errors
  if (defect !== undefined) throw wrongFile(`${shortPath(file)} is no YAML: ${defect.message}`)
  const result = boardsSchema.safeParse(document.toJS())
  if (!result.success) {
    const hints = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => didYouMean(key, boardOptions))
        : [],
    )
    throw wrongFile(
      `${shortPath(file)} describes no boards as they were expected:\n${prettifyError(result.error)}${hints.join('')}`,
    )
  }
  const directory = path.dirname(path.resolve(file))
  return Object.entries(result.data.boards).map(([name, board]) => ({
    ...board,
    ...{ name, directory, kind: board.kind ?? name },
  }))
}

/**
 * The boards of a name or a kind.
 *
 * @throws {BootstandError} when there is none.
 */
export const boardsNamed = (
  boards: readonly Board[],
  wanted: string,
  file: string,
): readonly Board[] => {
  const byName = boards.filter(({ name }) => name === wanted)
  const found = byName.length > 0 ? byName : boards.filter(({ kind }) => kind === wanted)
  if (found.length > 0) return found
  const names = [...new Set(boards.flatMap(({ name, kind }) => [name, kind]))]
  throw wrongFile(
    `No board of ${shortPath(file)} has the name or kind "${wanted}".${didYouMean(wanted, names)} There are: ${names.join(', ')}.`,
  )
}

const wrongFile = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BOARDS', 'usage', message)
