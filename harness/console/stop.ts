import type { Culprit } from '../core/errors.ts'
import type { StopOutcome } from '../core/outcome.ts'
import { plainText, visibleText } from '../core/text.ts'
import type { Stop } from '../run-folder/stop.ts'

/** A text after which a boot does not go on by itself. */
export interface StopText {
  /** Stable, such as `kickstart-failure`. */
  readonly id: string
  /** Tried on a line as it came, escape sequences included, without carriage returns. */
  readonly pattern: RegExp
  readonly culprit: Culprit
  /** How a boot ends by it. */
  readonly outcome: StopOutcome
  /** One clause; `{name}` stands for the pattern's group of that name. */
  readonly meaning: string
  /**
   * Of a debugger that lets the guest go on when it is told to: that a program has entered it, or that it asks
   * for a command.
   */
  readonly ofDebugger?: 'entry' | 'prompt'
  /** Of a program's own kernel, such as L4Linux': the microkernel below it runs on. */
  readonly microkernelRuns?: true
  /** Tells more than `meaning`, if it can, from the plain lines before, the newest one last. */
  readonly explain?: (before: readonly string[]) => string | undefined
}

export type { Stop } from '../run-folder/stop.ts'

/**
 * The first of `texts` that a line shows, if any.
 *
 * @param before Gives the plain lines before it.
 */
export const findStop = (
  raw: string,
  texts: readonly StopText[],
  before: () => readonly string[],
): Stop | undefined => {
  const line = raw.replaceAll('\r', '')
  for (const text of texts) {
    const { id, pattern, culprit, outcome, meaning, ofDebugger, microkernelRuns, explain } = text
    const found = pattern.exec(line)
    if (found === null) continue
    const told =
      explain?.(before()) ??
      meaning.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        visibleText(plainText(found.groups?.[name] ?? '')),
      )
    const column = plainText(line.slice(0, found.index)).length
    return {
      ...{ id, culprit, outcome, meaning: told, line, column },
      ...(ofDebugger !== undefined && { ofDebugger }),
      ...(microkernelRuns !== undefined && { microkernelRuns }),
    }
  }
  return undefined
}
