import { linesOf } from '../dumps/lines.ts'
import { readBootInformation } from '../dumps/pistachio/boot-information.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'

/** A program of the last boot, as KDB's boot information (`B`) tells it. */
export interface BootedProgram {
  /** The base name of its file, by the command line that its loader was given. */
  readonly name: string
  readonly entry: number
  /** Physical; the end is the byte behind. */
  readonly low: number
  readonly high: number
}

/** No boot information has more lines. */
const longest = 400

/** What was booted, where the debugger was asked for it since; in the order of the boot information. */
export const bootedPrograms = (lines: readonly string[]): readonly BootedProgram[] => {
  const at = lines.findLastIndex((it) => it.startsWith('Generic BootInfo @ '))
  const isOld = lines.findLastIndex((it) => it.startsWith('KickStart ')) > at
  if (at === -1 || isOld) return []
  const told = readBootInformation(linesOf(lines.slice(at, at + longest).join('\n')), 0)
  return (told?.dump.records ?? []).flatMap(({ entry, commandLine, sections }) => {
    const filled = sections
      .map(({ physical, size }) => ({ low: Number(physical), size: Number(size) }))
      .filter(({ size }) => size > 0)
    const word = commandLine?.trim().split(' ')[0]
    if (entry === undefined || word === undefined || filled.length === 0) return []
    return [
      {
        name: word.slice(word.lastIndexOf('/') + 1),
        entry: Number(entry),
        low: Math.min(...filled.map(({ low }) => low)),
        high: Math.max(...filled.map(({ low, size }) => low + size)),
      },
    ]
  })
}

/** Whether a file may be a program that was booted: its entry, beginning and end agree. */
export const isFileOf = ({ entry, low, high }: BootedProgram, bytes: Buffer): boolean => {
  const elf = parseElf(bytes)
  if (isElfDefect(elf) || elf.entry !== entry || elf.segments.length === 0) return false
  return (
    Math.min(...elf.segments.map((it) => it.physical)) === low &&
    Math.max(...elf.segments.map((it) => it.physical + it.memorySize)) === high
  )
}
