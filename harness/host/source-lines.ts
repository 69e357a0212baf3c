import { hasOwnLines } from '../formats/elf-lines.ts'
import { askBounded } from './bounded-tool.ts'
import { demangled } from './demangle.ts'
import { readRegularFile } from './read-regular-file.ts'

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
 *
 * @param file An absolute path. A file without line information of its own is not given to `addr2line`, which would look for
 *   it in another file that the ELF file names, be it `/dev/zero`.
 */
export const sourcePlaces = async (
  file: string,
  addresses: readonly number[],
): Promise<readonly SourcePlace[]> => {
  const unknown = addresses.map(() => ({ inlined: [] }))
  if (addresses.length === 0 || !linesIn(file)) return unknown
  const input = addresses.map((it) => `0x${it.toString(16)}`).join('\n')
  const stdout = await askBounded('addr2line', ['-a', '-f', '-i', '-e', file], input)
  // After each address, a function and a source line by turns.
  const [, ...answers] = stdout?.split(/^0x[0-9a-f]+$\n?/m) ?? []
  if (answers.length !== addresses.length) return unknown
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

const linesIn = (file: string): boolean => {
  try {
    return hasOwnLines(readRegularFile(file))
  } catch {
    return false
  }
}

const routinesIn = (lines: readonly string[]): readonly string[] =>
  lines.filter((_, index) => index % 2 === 0)
