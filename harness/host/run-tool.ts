import { execFile } from 'node:child_process'
import { execa } from 'execa'
import { BootstandError, systemCode } from '../core/errors.ts'
import { toolPath, type ToolName } from './tools.ts'

/** What a program is run with. */
export interface RunOptions {
  readonly cwd: string
  /** What it reads on standard input; nothing otherwise. */
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds after which it is ended; none by default. */
  readonly timeout?: number
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
  { cwd, input, env, timeout }: RunOptions,
): Promise<{ readonly status: number | undefined; readonly output: string }> => {
  const { exitCode, all } = await execa(await toolPath(name), words, {
    cwd,
    all: true,
    reject: false,
    input: input ?? '',
    env: { LC_ALL: 'C', ...env },
    ...(timeout !== undefined && { timeout }),
  })
  return { status: exitCode, output: all }
}

/**
 * Runs an outside program to its end, or until it has written too much.
 *
 * @param most Bytes that it may write to standard output; it is ended when it writes more.
 * @returns what it wrote, apart: bytes to standard output, words to standard error. Nothing when it wrote too much.
 * @throws {BootstandError} with its own words when it fails.
 */
export const runToolUpTo = async (
  most: number,
  name: ToolName,
  options: readonly string[],
  { cwd, input, env }: RunOptions,
): Promise<ToolOutput | undefined> => {
  const file = await toolPath(name)
  // Not execa: it puts a failed program's output, of which there may be megabytes, into its message.
  const { error, stdout, stderr } = await new Promise<ToolOutput & { error: Error | null }>(
    (resolve) => {
      const child = execFile(
        file,
        options,
        { cwd, encoding: 'buffer', maxBuffer: most, env: { ...process.env, LC_ALL: 'C', ...env } },
        (failure, output, words) =>
          resolve({ error: failure, stdout: output, stderr: words.toString() }),
      )
      // It need not read all of its input.
      child.stdin!.on('error', () => {}).end(input ?? '')
    },
  )
  if (error === null) return { stdout, stderr }
  if (systemCode(error) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return undefined
  throw toolError(`${name} ${options[0] ?? ''}`.trim(), stderr.trim())
}

/** What a program wrote: bytes to standard output, words to standard error. */
export interface ToolOutput {
  readonly stdout: Buffer
  readonly stderr: string
}

/**
 * Runs an outside program to its end.
 *
 * @throws {BootstandError} with its own words when it fails.
 */
export const runToolApart = async (
  name: ToolName,
  options: readonly string[],
  given: RunOptions,
): Promise<ToolOutput> => {
  const output = await runToolUpTo(largestOutput, name, options, given)
  if (output !== undefined) return output
  throw toolError(`${name} ${options[0]}`, `it wrote more than ${largestOutput} bytes`)
}

/** Bytes. */
const largestOutput = 2 ** 31

/** A failure of an outside program that was used as it should be. */
export const toolError = (what: string, words: string): BootstandError =>
  new BootstandError('BOOTSTAND_TOOL_FAILED', 'host', `${what} failed: ${words}`)
