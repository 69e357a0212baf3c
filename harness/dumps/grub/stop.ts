import type { DumpReader, Told } from '../reader.ts'
import { grubErrorOf } from './grub-errors.ts'
import { describeGrubFailure, grubFailure, type GrubFailure } from './grub-failure.ts'

/** GRUB Legacy stopped with an error. */
export interface GrubStop extends Told {
  readonly system: 'grub'
  readonly kind: 'grub-error'
  readonly number: GrubFailure['number']
  readonly text: GrubFailure['text']
  readonly command: GrubFailure['command']
}

/** An entry and its echoes; a log that is nothing but errors must not be read anew for each. */
const linesBefore = 100

export const readGrubStop: DumpReader<GrubStop> = (lines, at) => {
  if (!lines[at]?.text.startsWith('Error ')) return undefined
  const failure = grubFailure(
    lines.slice(Math.max(0, at - linesBefore), at + 1).map(({ text }) => text),
  )
  if (failure === undefined) return undefined
  const { number, text, command } = failure
  // Other programs have numbered errors too.
  if (command === undefined && grubErrorOf(number)?.text !== text.trimEnd()) return undefined
  return {
    dump: {
      system: 'grub',
      kind: 'grub-error',
      stop: true,
      summary: describeGrubFailure(failure),
      number,
      text,
      command,
    },
    end: at + 1,
  }
}
