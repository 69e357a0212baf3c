import { execa } from 'execa'
import { inspectTool } from './tools.ts'

/** Counts of routines and the like, with the names of C++ ones as people write them. */
export const withReadableNames = async <Named extends { readonly function: string }>(
  list: readonly Named[],
): Promise<Named[]> => {
  const names = await demangled(list.map((it) => it.function))
  return list.map((it, index) => ({ ...it, function: names[index]! }))
}

/** Names of C++ routines as people write them; as they are where `c++filt` is missing or fails. */
export const demangled = async (names: readonly string[]): Promise<readonly string[]> => {
  if (!names.some((name) => name.startsWith('_Z'))) return names
  const { path, problem } = await inspectTool('c++filt')
  if (path === undefined || problem !== undefined) return names
  const options = { input: names.join('\n'), reject: false, timeout: 2_000 } as const
  const { stdout, failed } = await execa(path, ['-p'], options)
  const lines = stdout.split('\n')
  return failed || lines.length !== names.length ? names : lines
}
