import type { ArgumentInfo } from '../commands/command.ts'
import { commandNamed } from '../commands/table.ts'
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
export const problemsOf = (command: CommandStatement): readonly MenuProblem[] => {
  const { name, words } = command
  switch (name) {
    case 'serial':
      return parseSerial(words).problems
    case 'terminal':
      return parseTerminal(words).problems
    case 'default':
      return listed(parseDefault(command))
    case 'fallback':
      return listed(parseFallback(command))
    case 'timeout':
      return listed(parseTimeout(command))
    case 'kernel':
    case 'module':
    case 'modulenounzip':
    case 'initrd':
    case 'chainloader': {
      const { file, problems } = parseImageArguments(command)
      return file === undefined ? problems : [...problems, ...listed(parseFileName(file))]
    }
    default:
      return argumentProblems(command)
  }
}

type Parsed = { readonly problem?: MenuProblem | undefined }

const listed = ({ problem }: Parsed): MenuProblem[] => (problem === undefined ? [] : [problem])

/** Checks the arguments in their places, for a command whose options look like no argument. */
const argumentProblems = ({ word, words }: CommandStatement): MenuProblem[] => {
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
