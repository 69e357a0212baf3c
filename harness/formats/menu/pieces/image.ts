import type { Word } from '../span.ts'
import type { CommandStatement } from '../statement.ts'
import { grubErrors, malformed, type MenuProblem } from './reading.ts'

const kernelTypes = ['netbsd', 'freebsd', 'openbsd', 'linux', 'biglinux', 'multiboot'] as const

/** What GRUB takes a kernel for, whatever the file looks like. */
export type KernelType = (typeof kernelTypes)[number]

/** What a `kernel`, `module`, `modulenounzip`, `initrd` or `chainloader` line loads. */
export interface ImageArguments {
  /** The file's name; nothing if the line has none. */
  readonly file: Word | undefined
  /** What the loaded system is given: the file's name and all that follows, verbatim. */
  readonly commandLine: string
  readonly type?: KernelType
  readonly isWithoutMemOption: boolean
  readonly isForced: boolean
  readonly problems: readonly MenuProblem[]
}

/** Reads options only before the file name, as kernel_func and chainloader_func of stage2/builtins.c. */
export const parseImageArguments = (command: CommandStatement): ImageArguments => {
  const { words } = command
  const options = words.slice(0, words.findIndex((word) => !isOption(command, word)) >>> 0)
  const file = words[options.length]
  const typeWord = options.findLast((option) => option.text.startsWith('--type='))
  const type = kernelTypes.find((it) => typeWord?.text.startsWith(it, '--type='.length))
  return {
    file,
    commandLine: file === undefined ? '' : lineFrom(command, file),
    ...(type !== undefined && { type }),
    isWithoutMemOption: options.some((option) => option.text.startsWith('--no-mem-option')),
    isForced: options.some((option) => option.text.startsWith('--force')),
    problems: [
      ...(typeWord !== undefined && type === undefined ? [unknownType(typeWord)] : []),
      ...(file === undefined ? [noFile(command)] : []),
    ],
  }
}

const isOption = ({ name }: CommandStatement, { text }: Word): boolean =>
  (name === 'kernel' && (text.startsWith('--type=') || text.startsWith('--no-mem-option'))) ||
  (name === 'chainloader' && text.startsWith('--force'))

const lineFrom = (command: CommandStatement, file: Word): string => {
  const before = command.words.slice(0, command.words.indexOf(file))
  let at = 0
  for (const word of before) at = command.arguments.text.indexOf(word.text, at) + word.text.length
  return command.arguments.text.slice(at).trimStart()
}

const unknownType = (word: Word): MenuProblem =>
  malformed(
    word,
    grubErrors.badArgument,
    `Expected --type= with one of ${kernelTypes.join(', ')}, found "${word.text}".`,
  ).problem

const noFile = ({ word, arguments: rest }: CommandStatement): MenuProblem =>
  malformed(rest, grubErrors.badFileName, `Expected a file name behind "${word.text}".`).problem
