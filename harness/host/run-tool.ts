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
  words: readonly string[],
  options: RunOptions,
): Promise<string> => {
  const { status, output } = await runToolForStatus(name, words, options)
  if (status === 0) return output
  const said = output.trim()
  throw toolError(`${name} ${words[0]}`, said === '' ? 'it said nothing' : said)
}

/** The same for a program whose exit status is an answer. A signal that ended it is no status. */
export const runToolForStatus = async (
  name: ToolName,
  words: readonly string[],
  { cwd, input, env }: RunOptions,
): Promise<{ readonly status: number | undefined; readonly output: string }> => {
  const { exitCode, all } = await execa(await toolPath(name), words, {
    cwd,
    all: true,
    reject: false,
    input: input ?? '',
    env: { LC_ALL: 'C', ...env },
  })
  return { status: exitCode, output: all }
}

/**
 * Runs an outside program to its end.
 *
 * @returns what it wrote, apart: bytes to standard output, words to standard error.
 * @throws {BootstandError} with its own words when it fails.
 */
export const runToolApart = async (
  name: ToolName,
  options: readonly string[],
  { cwd, input, env }: RunOptions,
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> => {
  const result = await execa(await toolPath(name), options, {
    ...{ cwd, reject: false, encoding: 'buffer', maxBuffer: largestOutput },
    ...{ input: input ?? '', stripFinalNewline: false },
    env: { LC_ALL: 'C', ...env },
  })
  const stderr = Buffer.from(result.stderr).toString()
  if (result.failed) throw toolError(`${name} ${options[0]}`, stderr.trim())
  return { stdout: Buffer.from(result.stdout), stderr }
}

/** Bytes. */
const largestOutput = 2 ** 31

/** A failure of an outside program that was used as it should be. */
export const toolError = (what: string, words: string): BootstandError =>
  new BootstandError('BOOTSTAND_TOOL_FAILED', 'host', `${what} failed: ${words}`)
