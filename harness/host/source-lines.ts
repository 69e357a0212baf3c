import { execa } from 'execa'
import { demangled } from './demangle.ts'
import { inspectTool } from './tools.ts'

/** What debug information tells of an address. */
export interface SourcePlace {
  /** `/src/main.c:14` */
  readonly source?: string
  /** Routines that the compiler put into the one of the symbol table, the innermost first. */
  readonly inlined: readonly string[]
}

/**
 * The source lines of addresses in an ELF file; nothing where it has no debug information, or where
 * `addr2line` is missing or fails.
 */
export const sourcePlaces = async (
  file: string,
  addresses: readonly number[],
): Promise<readonly SourcePlace[]> => {
  const unknown = addresses.map(() => ({ inlined: [] }))
  const { path, problem } = await inspectTool('addr2line')
  if (addresses.length === 0 || path === undefined || problem !== undefined) return unknown
  const input = addresses.map((it) => `0x${it.toString(16)}`).join('\n')
  const { stdout, failed } = await execa(path, ['-a', '-f', '-i', '-e', file], {
    input,
    reject: false,
    timeout: 10_000,
    env: { LC_ALL: 'C' },
  })
  // Behind each address, a function and a source line by turns.
  const [, ...answers] = stdout.split(/^0x[0-9a-f]+$\n?/m)
  if (failed || answers.length !== addresses.length) return unknown
  const found = answers.map((it) => it.trimEnd().split('\n'))
  const readable = await demangled(found.flatMap(routinesIn))
  let next = 0
  return found.map((lines) => {
    const routines = routinesIn(lines).map(() => readable[next++]!)
    const source = /^(?<source>[^?].*:[1-9]\d*)/.exec(lines[1] ?? '')?.groups?.['source']
    return {
      ...(source !== undefined && { source }),
      // Of some it knows the line only, and calls them by the name of the one that all are in.
      inlined: routines.filter((it) => it !== routines.at(-1)),
    }
  })
}

const routinesIn = (lines: readonly string[]): readonly string[] =>
  lines.filter((_, index) => index % 2 === 0)
