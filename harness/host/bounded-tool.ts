import { execa } from 'execa'
import { inspectTool, type ToolName } from './tools.ts'

/** What a program may take that reads a foreign file. */
const limits = {
  /** Bytes of memory: a compressed section may claim any size. */
  memory: 2 ** 29,
  /** Bytes that it prints. */
  output: 2 ** 25,
  /** Milliseconds. */
  time: 5_000,
} as const

/** Milliseconds that such programs have used in this process without an answer. */
let wasted = 0

/**
 * Asks a program that only makes an output nicer, such as `addr2line`, about foreign data, with limits on time, memory and
 * output. Once such programs have used up the time without an answer, none is asked again: a run may hold many files that
 * stall them.
 *
 * @param options Words of the command line. None of them may come from a file: foreign text belongs into `input`.
 * @returns its standard output; nothing where it is missing, fails or exceeds a limit.
 */
export const askBounded = async (
  name: ToolName,
  options: readonly string[],
  input: string,
): Promise<string | undefined> => {
  if (wasted >= limits.time) return undefined
  const [tool, prlimit] = await Promise.all([inspectTool(name), inspectTool('prlimit')])
  if (tool.path === undefined || tool.problem !== undefined) return undefined
  if (prlimit.path === undefined || prlimit.problem !== undefined) return undefined
  const began = performance.now()
  const { stdout, failed } = await execa(
    prlimit.path,
    [`--as=${limits.memory}`, '--', tool.path, ...options],
    {
      ...{ input, reject: false, cwd: '/', stripFinalNewline: true },
      ...{ timeout: limits.time, killSignal: 'SIGKILL', maxBuffer: limits.output },
      env: { LC_ALL: 'C' },
    },
  )
  if (failed) wasted += performance.now() - began
  return failed ? undefined : stdout
}
