import path from 'node:path'
import { BootstandError } from '../../core/errors.ts'
import { didYouMean } from '../../core/nearest.ts'
import { projectRoot, shortPath } from '../../host/paths.ts'
import { readRegularFile } from '../../host/read-regular-file.ts'
import { issueText } from '../../run-folder/problem.ts'
import { boardsSchema, type Board } from './board.ts'
import { readYaml } from './read-yaml.ts'

/** Bytes of the largest file, of about 200 boards. The YAML parser needs up to a second for it. */
const largestFile = 64 * 1024

/** Problems of a file that are reported at once. */
const mostProblems = 10

/** The file that describes the boards by default: beside the scenarios. */
export const usualBoardsFile = (): string => path.join(projectRoot(), 'boards.yaml')

/**
 * Reads the boards that a file describes (YAML 1.2, so JSON too).
 *
 * @throws {BootstandError} (culprit: usage) with the file and, for each problem, the line, what was expected and found.
 */
export const readBoards = async (file: string): Promise<readonly Board[]> => {
  const bytes = readRegularFile(file, {
    what: 'a description of boards (docs/boards.md has an example)',
    limit: largestFile,
  })
  const read = readYaml(bytes.toString('utf8'))
  if ('problem' in read) throw wrongFile(at(file, read.line, read.problem))
  const result = boardsSchema.safeParse(read.value)
  if (!result.success) {
    const { issues } = result.error
    const shown = issues
      .slice(0, mostProblems)
      .map((issue) => at(file, read.lineOf(issue), issueText(issue, read.value)))
    if (issues.length > mostProblems) shown.push(`${issues.length - mostProblems} more problems.`)
    throw wrongFile(shown.join('\n'))
  }
  const directory = path.dirname(path.resolve(file))
  return Object.entries(result.data.boards).map(([name, board]) => ({
    ...board,
    ...{ name, directory, kind: board.kind ?? name },
  }))
}

const at = (file: string, line: number, problem: string): string =>
  `${shortPath(file)}, line ${line}: ${problem}.`

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
