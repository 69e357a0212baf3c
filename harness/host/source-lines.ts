import { execa } from 'execa'
import { inspectTool } from './tools.ts'

/**
 * The source lines, `/src/main.c:14`, of addresses in an ELF file; nothing where it has no debug
 * information, or where `addr2line` is missing or fails.
 */
export const sourceLines = async (
  file: string,
  addresses: readonly number[],
): Promise<readonly (string | undefined)[]> => {
  const unknown = addresses.map(() => undefined)
  const { path, problem } = await inspectTool('addr2line')
  if (addresses.length === 0 || path === undefined || problem !== undefined) return unknown
  const input = addresses.map((it) => `0x${it.toString(16)}`).join('\n')
  const { stdout, failed } = await execa(path, ['-e', file], {
    input,
    reject: false,
    timeout: 10_000,
    env: { LC_ALL: 'C' },
  })
  const lines = stdout.split('\n')
  if (failed || lines.length !== addresses.length) return unknown
  return lines.map((line) => /^(?<source>[^?].*:[1-9]\d*)/.exec(line)?.groups?.['source'])
}
