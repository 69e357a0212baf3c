import { withArguments } from '../../formats/menu/edit.ts'
import { parseImageArguments } from '../../formats/menu/pieces/image.ts'
import { problemsOf } from '../../formats/menu/pieces/problems.ts'
import { grubErrors } from '../../formats/menu/pieces/reading.ts'
import { commandsOf } from '../../formats/menu/menu-file.ts'
import type { CommandStatement } from '../../formats/menu/statement.ts'
import type { Word } from '../../formats/menu/span.ts'
import type { Medium } from '../medium.ts'
import { eachEntry, type Complaint, type Rule } from '../rule.ts'
import type { EntryView } from '../subject.ts'

const imageCommands = new Set(['kernel', 'module', 'modulenounzip', 'initrd', 'chainloader'])

/** A name such as `boot/kickstart`: of letters, with neither a slash nor a device in front. */
const relativeFile = (command: CommandStatement): Word | undefined => {
  if (!imageCommands.has(command.name ?? '')) return undefined
  const { file } = parseImageArguments(command)
  return file !== undefined && /^[\w.][\w./-]*$/.test(file.text) && /[a-z]/i.test(file.text)
    ? file
    : undefined
}

const checkRelative = ({ images }: EntryView): Complaint[] =>
  images.flatMap(({ command, medium }) => {
    const at = relativeFile(command)
    return at === undefined ? [] : [relativeName(command, at, medium)]
  })

const relativeName = (
  command: CommandStatement,
  at: Word,
  medium: Medium | undefined,
): Complaint => {
  const message = `Expected a path from the root of the device, found "${at.text}"; did you mean "/${at.text}"?`
  if (medium?.find(`/${at.text}`) === undefined) return { at, message }
  const text = command.arguments.text
  const begin = text.indexOf(at.text)
  const absolute = `${text.slice(0, begin)}/${text.slice(begin)}`
  const fix = {
    description: `Name it "/${at.text}".`,
    changes: () => [withArguments(command, absolute)],
  }
  return { at, message, fix }
}

const grubTexts = new Map<number, string>([
  [grubErrors.badFileName, 'Filename must be either an absolute pathname or blocklist'],
  [grubErrors.deviceSyntax, 'Unrecognized device string'],
  [grubErrors.deviceValues, 'Invalid device requested'],
  [grubErrors.number, 'Error while parsing number'],
  [grubErrors.badArgument, 'Invalid argument'],
  [grubErrors.overflow, 'Overflow while parsing number'],
])

const checkMalformed = (command: CommandStatement): Complaint[] => {
  const isRelative = relativeFile(command) !== undefined
  return problemsOf(command)
    .filter(({ grubError }) => !(isRelative && grubError === grubErrors.badFileName))
    .map(({ message, grubError, ...at }) => ({
      at,
      message,
      why: `GRUB stops with "Error ${grubError}: ${grubTexts.get(grubError) ?? ''}".`,
    }))
}

export const argumentRules: readonly Rule[] = [
  {
    id: 'relative-path',
    severity: 'error',
    trips: 'a file name that does not begin with `/` or a device',
    why: 'GRUB stops with "Error 1: Filename must be either an absolute pathname or blocklist".',
    fix: 'a slash before it, if that file is on the medium',
    fixNeeds: 'entry',
    check: eachEntry(checkRelative),
  },
  {
    id: 'malformed-argument',
    severity: 'error',
    trips: 'a device, number, option or block list that GRUB cannot read',
    why: 'GRUB stops with an error of parsing: 1, 11, 12, 23, 30 or 35.',
    check: ({ file }) => commandsOf(file.statements).flatMap(checkMalformed),
  },
]
