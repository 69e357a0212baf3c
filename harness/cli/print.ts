import { printableJson } from '../core/terminal-text.ts'
import { errorOutput, output } from '../host/output.ts'
import type { JsonFlag } from './flags.ts'

/** Prints a verb's result as one JSON document, for programs. */
export const printJson = (document: unknown): void => {
  output.line(printableJson(document, 2))
}

/** Prints a verb's result: as JSON for programs where that is wanted, else as lines for people. */
export const printResult = (
  { json }: JsonFlag,
  document: unknown,
  lines: () => readonly string[],
): void => {
  if (json === true) printJson(document)
  else output.lines(lines())
}

/** Prints a remark for people to standard error. */
export const say = (line: string): void => {
  errorOutput.line(line)
}

/** Prints what is being done to standard error, dimmed. */
export const sayDim = (line: string): void => {
  say(errorOutput.style('dim', line))
}
