import type { CoveredFunction, ImageCoverage } from '../diagnosis/coverage.ts'
import { sourcePlaces } from '../host/source-lines.ts'

/** What of a source file was reached. */
interface SourceCoverage {
  readonly functions: { readonly name: string; readonly line: number; readonly hit: 0 | 1 }[]
  readonly lines: Map<number, 0 | 1>
}

/**
 * Coverage as lcov reads it: each image's source files with their functions and lines, 1 where one was reached.
 * Where an image has no line information, its own file has the functions, all on line 1. Source: geninfo(1).
 */
export const lcovText = async (images: readonly ImageCoverage[]): Promise<string> => {
  const texts = await Promise.all(
    images.map(async (it) => {
      const name = it.image.replaceAll(/\W+/g, '_')
      return [...(await sourcesOf(it))].map((source) => recordText(name, source))
    }),
  )
  return texts.flat().join('')
}

const sourcesOf = async ({
  path,
  functions,
  isReached,
}: ImageCoverage): Promise<ReadonlyMap<string, SourceCoverage>> => {
  const addresses = functions.flatMap(addressesIn)
  const places = await sourcePlaces(path, addresses)
  const lineAt = new Map(addresses.map((address, index) => [address, places[index]!.source]))
  const sources = new Map<string, SourceCoverage>()
  const placeOf = (address: number) => {
    const [, file = path, line = 1] = /^(.*):(\d+)$/.exec(lineAt.get(address) ?? '') ?? []
    if (!sources.has(file)) sources.set(file, { functions: [], lines: new Map() })
    return { source: sources.get(file)!, line: Number(line) }
  }
  for (const { name, address, reached } of functions) {
    const { source, line } = placeOf(address)
    source.functions.push({ name, line, hit: reached > 0 ? 1 : 0 })
  }
  for (const address of addresses) {
    if (lineAt.get(address) === undefined) continue
    const { source, line } = placeOf(address)
    source.lines.set(line, isReached(address) ? 1 : (source.lines.get(line) ?? 0))
  }
  return sources
}

const addressesIn = ({ address, size }: CoveredFunction): number[] =>
  Array.from({ length: size }, (_, index) => address + index)

const recordText = (
  test: string,
  [file, { functions, lines }]: readonly [string, SourceCoverage],
): string => {
  const inOrder = [...lines].toSorted(([a], [b]) => a - b)
  const hits = (all: readonly (0 | 1)[]) => all.filter((it) => it === 1).length
  return [
    `TN:${test}`,
    `SF:${file}`,
    ...functions.map(({ name, line }) => `FN:${line},${name}`),
    ...functions.map(({ name, hit }) => `FNDA:${hit},${name}`),
    `FNF:${functions.length}`,
    `FNH:${hits(functions.map((it) => it.hit))}`,
    ...inOrder.map(([line, hit]) => `DA:${line},${hit}`),
    `LF:${lines.size}`,
    `LH:${hits(inOrder.map(([, hit]) => hit))}`,
    'end_of_record\n',
  ].join('\n')
}
