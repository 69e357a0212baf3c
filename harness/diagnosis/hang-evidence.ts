import type { Evidence } from '../console/diagnosis.ts'
import { addressDigits } from '../core/text.ts'
import type { Examination, Sample } from '../target/examination.ts'
import { addressText, placeText, type PlaceNames } from './place-text.ts'
import type { SeenProcessor } from './sampled-places.ts'

/** What an examination of a machine found. */
export interface SeenFacts {
  readonly examination: Examination
  /** The first one first. */
  readonly processors: readonly SeenProcessor[]
  readonly names: PlaceNames
}

/** Whether nothing can wake it but another processor. */
export const isDead = ({ samples }: SeenProcessor): boolean =>
  samples.every((it) => it.halted && !it.interruptsOn)

/** The places that make up most samples; processors that do the same are told together. */
export const whereText = ({ processors, names }: SeenFacts): string => {
  const [first, ...others] = processors
  if (first === undefined) return ''
  if (others.length === 0) return placesText(first, names)
  const alike = new Map<string, SeenProcessor[]>()
  for (const it of processors) {
    const text = `${stateOf(it)}in ${placesText(it, names)}`
    alike.set(text, [...(alike.get(text) ?? []), it])
  }
  return [...alike].map(([text, those]) => `${namesOf(those)} ${text}`).join('; ')
}

const stateOf = (it: SeenProcessor): string => {
  if (!isDead(it)) return ''
  return it.samples.every(isInBios) ? 'not started by the guest, ' : 'with interrupts off '
}

/** Where a PC's firmware leaves processors at `hlt`. */
const isInBios = ({ ring, address }: Sample): boolean =>
  ring === 0 && address >= 0xf_0000 && address < 0x10_0000

/** `processor 1`, `processors 0, 2 to 5`. */
export const namesOf = (processors: readonly SeenProcessor[]): string => {
  const ranges: { from: number; to: number }[] = []
  for (const { number } of processors) {
    const last = ranges.at(-1)
    if (last?.to === number - 1) last.to = number
    else ranges.push({ from: number, to: number })
  }
  const texts = ranges.map(({ from, to }) => {
    if (from === to) return `${from}`
    return to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`
  })
  return `${processors.length === 1 ? 'processor' : 'processors'} ${texts.join(', ')}`
}

const placesText = ({ clusters, samples }: SeenProcessor, names: PlaceNames): string => {
  const shown = clusters.slice(0, 3).filter((it) => it.samples.length > samples.length / 10)
  const texts = (shown.length === 0 ? clusters.slice(0, 1) : shown).map((it) => {
    const halt = it.samples.every((sample) => sample.halted) ? ' at hlt' : ''
    return `${it.samples.length} of ${samples.length} samples${halt} at ${addressText(it)}${placeText(it, names)}`
  })
  return texts.join(', ')
}

/** What was found, for a verdict: of some processors, where the sentence is not about all. */
export const evidenceOf = (
  { examination, processors, names }: SeenFacts,
  sentence: string,
  told = processors,
): Evidence => {
  const { samples, interrupts, status, process, emulatorTime, withheld, took } = examination
  return {
    sentence,
    samples: processors[0]?.samples.length ?? 0,
    halted: samples.filter((it) => it.halted).length,
    interruptsOff: samples.filter((it) => !it.interruptsOn).length,
    places: told.flatMap(({ number, clusters }) =>
      clusters.slice(0, 5).map((it) => ({
        ...(processors.length > 1 && { processor: number }),
        from: addressDigits(it.from, 1),
        to: addressDigits(it.to, 1),
        samples: it.samples.length,
        places: it.places.map((place) => names(place)),
      })),
    ),
    ...(interrupts !== undefined && { interrupts }),
    ...(status !== undefined && { status }),
    ...(process !== undefined && { process }),
    ...(emulatorTime !== undefined && { emulatorTime }),
    withheld: {
      waited: Math.round(withheld.waited),
      throttled: Math.round(withheld.throttled),
      stolen: Math.round(withheld.stolen),
    },
    took: Math.round(took),
  }
}
