import { styleText } from 'node:util'
import type { JsonFlag } from './flags.ts'

/** Prints what a verb has found as one JSON document, for programs. */
export const printJson = (document: unknown): void => {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** Prints what a verb has found: for programs where that is wanted, else as lines for people. */
export const printResult = (
  { json }: JsonFlag,
  document: unknown,
  lines: () => readonly string[],
): void => {
  if (json === true) printJson(document)
  else
    process.stdout.write(
      lines()
        .map((it) => `${it}\n`)
        .join(''),
    )
}

/** Tells people what is under way, beside what they asked for. */
export const sayBeside = (line: string): void => {
  process.stderr.write(`${styleText('dim', line, { stream: process.stderr })}\n`)
}
