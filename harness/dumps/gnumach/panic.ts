import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** GNU Mach gave up. */
export interface MachPanic extends Told {
  readonly system: 'gnumach'
  readonly kind: 'panic'
  readonly file: string
  readonly line: number
  readonly function: string
  readonly message: string
}

const panic =
  /^panic (?:\{cpu\d+\} )?(?<file>[\w./+-]{1,200}):(?<line>\d{1,6}): (?<function>\w{1,100}): (?<message>.{1,500})$/

export const readMachPanic: DumpReader<MachPanic> = (lines, at) => {
  const found = match<'file' | 'line' | 'function' | 'message'>(panic, lines[at]?.text)
  return (
    found && {
      dump: {
        system: 'gnumach',
        kind: 'panic',
        stop: true,
        summary: `GNU Mach panicked: ${found.function}: ${found.message}`,
        ...found,
        line: Number(found.line),
      },
      end: at + 1,
    }
  )
}
