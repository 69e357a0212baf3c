import { askBounded } from './bounded-tool.ts'

/** Counts of routines and the like, with the names of C++ ones as people write them. */
export const withReadableNames = async <Named extends { readonly function: string }>(
  list: readonly Named[],
): Promise<Named[]> => {
  const names = await demangled(list.map((it) => it.function))
  return list.map((it, index) => ({ ...it, function: names[index]! }))
}

/**
 * Returns the names of C++ routines as people write them. Other names, and all where `c++filt` is missing or fails, stay
 * as they are.
 */
export const demangled = async (names: readonly string[]): Promise<readonly string[]> => {
  const mangled = [...new Set(names.filter((name) => mangledName.test(name)))]
  if (mangled.length === 0) return names
  const answer = await askBounded('c++filt', ['-p'], mangled.join('\n'))
  const lines = answer?.split('\n') ?? []
  // A name that says more than one line, or none, would shift all that follow.
  if (lines.length !== mangled.length) return names
  const readable = new Map(mangled.map((name, index) => [name, lines[index]!]))
  return names.map((name) => readable.get(name) ?? name)
}

/** The characters that compilers use, and a length that no compiler's name has reached in a kernel. */
const mangledName = /^_Z[\w.$@]{1,4096}$/
