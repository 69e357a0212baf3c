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

/** Tells people something beside what they asked for. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** Tells them what is under way. */
export const sayDim = (line: string): void => {
  say(styleText('dim', line, { stream: process.stderr }))
}
