import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { toolPath, type ToolName } from './tools.ts'

/** What a program is run with. */
export interface RunOptions {
  readonly cwd: string
  /** What it reads on standard input; nothing otherwise. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Runs an outside program to its end.
 *
 * @returns what it wrote to standard output and standard error.
 * @throws {BootstandError} with its own words when it fails.
 */
export const runTool = async (
  name: ToolName,
  options: readonly string[],
  { cwd, input, env }: RunOptions,
): Promise<string> => {
  const result = await execa(await toolPath(name), options, {
    cwd,
    all: true,
    reject: false,
    input: input ?? '',
    env: { LC_ALL: 'C', ...env },
  })
  if (!result.failed) return result.all
  const words = result.all.trim()
  throw toolError(`${name} ${options[0]}`, words === '' ? 'it said nothing' : words)
}

/** A failure of an outside program that was used as it should be. */
export const toolError = (what: string, words: string): BootstandError =>
  new BootstandError('BOOTSTAND_TOOL_FAILED', 'host', `${what} failed: ${words}`)
