import { bootedPrograms } from './booted-programs.ts'
import type { Dump } from '../dumps/dumps-in.ts'
import type { ImageFile } from './address-map.ts'
import { instructionAt, placesIn, type CrashInstruction } from './crash-report.ts'
import type { DumpFact } from './dump-facts.ts'
import { areaAt, interfacePage } from './known-areas.ts'
import { loadedModules, plainLines } from './load-lines.ts'
import { sourcesOf, symbolNames } from './readable-places.ts'

/** What a dump tells, with what lies at its address. */
export interface ReadFact {
  readonly name: string
  readonly text?: string
  readonly instruction?: CrashInstruction
}

/** Looks up the addresses of facts in the files that were booted. */
export type FactReader = (
  facts: readonly DumpFact[],
  system: Dump['system'],
) => Promise<readonly ReadFact[]>

/**
 * @param log What the boot has printed: where no file lies, its loader's lines tell whose memory it is.
 */
export const factReader = (files: readonly ImageFile[], log: string): FactReader => {
  const places = placesIn({ files })
  const lines = plainLines(log)
  const memory = {
    modules: loadedModules(lines),
    programs: bootedPrograms(lines),
    page: interfacePage(lines),
  }
  return async (facts, system) => {
    const read = facts.flatMap(({ name, text, at, isGuess }): ReadFact[] => {
      if (at === undefined) return [{ name, ...(text !== undefined && { text }) }]
      const instruction = instructionAt(at, places, (address) =>
        areaAt(address, at.ring, system, memory),
      )
      // A number as small as a physical address is seldom one.
      const isCode = instruction.places.some(
        (it) => it.linkedAt === undefined && places.isCode(it.image, it.instruction),
      )
      if (isGuess === true && !isCode) return []
      const { named: _named, ...found } = instruction
      // A booted file says more than the kernel does.
      return [{ name, instruction: found.places.length > 0 ? found : instruction }]
    })
    const found = read.flatMap(({ instruction }) => instruction?.places ?? [])
    const [nameOf, sourced] = await Promise.all([symbolNames(found), sourcesOf(found, files)])
    return read.map((it) =>
      it.instruction === undefined
        ? it
        : {
            ...it,
            instruction: {
              ...it.instruction,
              places: it.instruction.places.map(sourced).map((place) => ({
                ...place,
                ...(place.symbol !== undefined && { function: nameOf(place.symbol) }),
              })),
            },
          },
    )
  }
}
