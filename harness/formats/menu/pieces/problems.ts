import type { ArgumentInfo } from '../commands/command.ts'
import { commandNamed, type CommandName } from '../commands/table.ts'
import type { Word } from '../span.ts'
import type { CommandStatement } from '../statement.ts'
import { parseDevice } from './device.ts'
import { parseFileName } from './file-name.ts'
import { parseImageArguments } from './image.ts'
import { parseNumber } from './number.ts'
import type { MenuProblem } from './reading.ts'
import { parseDefault, parseFallback, parseTimeout } from './selection.ts'
import { parseSerial } from './serial.ts'
import { parseTerminal } from './terminal.ts'

/**
 * What is malformed in a command's arguments, by the text alone. An unknown command has no problems
 * of this kind: GRUB never looks at its arguments.
 */
export const problemsOf = (command: CommandStatement): readonly MenuProblem[] =>
  (checkers.get(command.name) ?? argumentProblems)(command)

type Checker = (command: CommandStatement) => readonly MenuProblem[]

type Parsed = { readonly problem?: MenuProblem | undefined }

const listed = ({ problem }: Parsed): MenuProblem[] => (problem === undefined ? [] : [problem])

/** Checks the arguments in their places, for a command whose options look like no argument. */
const argumentProblems: Checker = ({ word, words }) => {
  const { options = [], arguments: expected = [] } = commandNamed(word.text) ?? {}
  const given = words.filter(({ text }) => !options.some(({ name }) => text.startsWith(name)))
  return expected.flatMap((argument, place) => {
    const it = given[place]
    return it === undefined ? [] : listed(parsed(argument, it))
  })
}

const parsed = ({ kind, choices = [] }: ArgumentInfo, word: Word): Parsed => {
  if (choices.includes(word.text)) return {}
  if (kind === 'device') return parseDevice(word)
  if (kind === 'file') return parseFileName(word)
  return kind === 'number' || kind === 'address' ? parseNumber(word) : {}
}

const imageProblems: Checker = (command) => {
  const { file, problems } = parseImageArguments(command)
  return file === undefined ? problems : [...problems, ...listed(parseFileName(file))]
}

/** A second argument that is no number, such as a comment, is ignored: `root (cd) # x` was seen to work. */
const rootProblems: Checker = ({ words: [device] }) =>
  device === undefined ? [] : listed(parseDevice(device))

const checkers: ReadonlyMap<CommandName | undefined, Checker> = new Map<CommandName, Checker>([
  ['serial', ({ words }) => parseSerial(words).problems],
  ['terminal', ({ words }) => parseTerminal(words).problems],
  ['default', (command) => listed(parseDefault(command))],
  ['fallback', (command) => listed(parseFallback(command))],
  ['timeout', (command) => listed(parseTimeout(command))],
  ['root', rootProblems],
  ['rootnoverify', rootProblems],
  ['kernel', imageProblems],
  ['module', imageProblems],
  ['modulenounzip', imageProblems],
  ['initrd', imageProblems],
  ['chainloader', imageProblems],
])
