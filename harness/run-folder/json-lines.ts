import type { z } from 'zod'
import { jsonOfLine } from '../core/text.ts'
import type { ReadOptions } from '../host/read-regular-file.ts'
import { linesOf, type FileLine } from './lines.ts'
import { damagedFile, problemOf } from './problem.ts'

/** The JSON value of each line of a file, with its line. A last line that was not written to its end is ignored. */
export const jsonLinesOf = function* (
  file: string,
  options: ReadOptions,
): Generator<FileLine & { readonly value: unknown }> {
  for (const line of linesOf(file, options)) {
    const value = jsonOfLine(Buffer.from(line.text, 'latin1').toString())
    if (value === undefined) {
      if (!line.isWhole) return
      throw damagedFile(file, 'expected a line in JSON', line.number)
    }
    yield { ...line, value }
  }
}

/** @throws {BootstandError} with the line and the field when the value of a line is not as its schema says. */
export const checkedLine = <T>(
  file: string,
  { value, number }: { readonly value: unknown; readonly number: number },
  schema: z.ZodType<T>,
): T => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw damagedFile(file, problemOf(result.error, value), number)
}
