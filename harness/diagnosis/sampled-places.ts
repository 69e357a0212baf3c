import { byProcessor, type Sample } from '../target/examination.ts'
import type { AddressMap, Place } from './address-map.ts'

/** Samples of the program counter that lie close together. */
export interface Cluster {
  /** Linear addresses, both sampled. */
  readonly from: number
  readonly to: number
  readonly samples: readonly Sample[]
  /** What lies at `from`. */
  readonly places: readonly Place[]
}

/** What one processor was seen doing. */
export interface SeenProcessor {
  /** From 0. */
  readonly number: number
  readonly samples: readonly Sample[]
  /** Where the samples lie, the most frequent place first. */
  readonly clusters: readonly Cluster[]
}

/** Tells samples of several processors apart, the first one first. */
export const seenProcessors = (samples: readonly Sample[], map: AddressMap): SeenProcessor[] =>
  byProcessor(samples).map((own) => ({
    number: own[0]!.processor,
    samples: own,
    clusters: clustersOf(own, map),
  }))

/** No loop of a few instructions is longer than this, in bytes. */
const longestLoop = 256

/** Gathers samples into clusters, the one with the most samples first. */
const clustersOf = (samples: readonly Sample[], map: AddressMap): Cluster[] => {
  const sorted = samples.toSorted((a, b) => a.ring - b.ring || a.address - b.address)
  const groups: Sample[][] = []
  for (const sample of sorted) {
    const first = groups.at(-1)?.[0]
    const isNear = first?.ring === sample.ring && sample.address - first.address < longestLoop
    if (isNear && isSameRoutine(map, first, sample)) groups.at(-1)!.push(sample)
    else groups.push([sample])
  }
  const clusters = groups.map((group): Cluster => {
    const { address: from, ring } = group[0]!
    return { from, to: group.at(-1)!.address, samples: group, places: map.find(from, ring) }
  })
  return clusters.toSorted((a, b) => b.samples.length - a.samples.length)
}

const isSameRoutine = (map: AddressMap, a: Sample, b: Sample): boolean => {
  const [one, other] = [a, b].map(({ address, ring }) => map.find(address, ring))
  return one!.map(routine).join() === other!.map(routine).join()
}

const routine = ({ image, symbol }: Place): string => `${image} ${symbol}`
