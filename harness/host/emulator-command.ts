import { inspectTool, toolPath, type ToolName } from './tools.ts'

/** A program and its arguments. */
export type Command = readonly [program: string, ...words: string[]]

/**
 * Returns the command that starts an emulator, confined as far as its build supports it: a guest is foreign code.
 *
 * @throws {BootstandError} when the program is missing.
 */
const confinedEmulator = async (program: ToolName, words: readonly string[]): Promise<Command> => {
  const emulator = await toolPath(program)
  const { confinement = [] } = await inspectTool(program)
  return [emulator, ...confinement, ...words]
}

/**
 * The same for an emulator that cannot outlive this process and gains no privileges by a program that it executes.
 *
 * @throws {BootstandError} when a program is missing.
 */
export const emulatorCommand = async (
  program: ToolName,
  words: readonly string[],
): Promise<Command> => [
  await toolPath('setpriv'),
  ...['--pdeathsig', 'KILL', '--no-new-privs', '--'],
  ...(await confinedEmulator(program, words)),
]
