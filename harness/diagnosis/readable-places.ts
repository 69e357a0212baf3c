import { demangled } from '../host/demangle.ts'
import { sourcePlaces, type SourcePlace } from '../host/source-lines.ts'
import type { ImageFile, Place } from './address-map.ts'
import type { CrashPlace } from './crash-report.ts'

/** Prepares to name the routines of places as people write them. */
export const symbolNames = async (
  places: readonly Place[],
): Promise<(symbol: string) => string> => {
  const symbols = [...new Set(places.flatMap(({ symbol }) => symbol ?? []))]
  const readable = await demangled(symbols)
  const names = new Map(symbols.map((symbol, index) => [symbol, readable[index]!]))
  return (symbol) => names.get(symbol) ?? symbol
}

/** Looks up source lines and inlined routines of places. Gives back what adds them to each place. */
export const sourcesOf = async (
  places: readonly CrashPlace[],
  files: readonly ImageFile[],
): Promise<(place: CrashPlace) => CrashPlace> => {
  const sources = new Map<string, SourcePlace>()
  for (const { name, path } of files) {
    const inFile = places.filter((it) => it.image === name).map((it) => it.instruction)
    const addresses = [...new Set(inFile)]
    const found = await sourcePlaces(path, addresses)
    addresses.forEach((address, index) => sources.set(`${name} ${address}`, found[index]!))
  }
  return (place) => ({ ...place, ...sources.get(`${place.image} ${place.instruction}`) })
}
