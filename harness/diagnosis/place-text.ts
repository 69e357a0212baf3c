import { addressDigits } from '../core/text.ts'
import type { Place } from './address-map.ts'
import { symbolNames } from './readable-places.ts'
import type { Cluster } from './sampled-places.ts'

/** A place as people write it: `rt-spin, main+0x12`. */
export type PlaceNames = (place: Place) => string

/** Prepares to name the places of clusters, C++ names as people write them. */
export const placeNames = async (
  clusters: readonly Pick<Cluster, 'places'>[],
): Promise<PlaceNames> => {
  const nameOf = await symbolNames(clusters.flatMap((it) => it.places))
  return (place) => placeName(place, place.symbol && nameOf(place.symbol))
}

/** `rt-spin, main+0x12`; the image alone where no routine is known. */
export const placeName = (
  { image, offset = 0, linkedAt }: Place,
  routine: string | undefined,
): string =>
  [
    routine === undefined ? image : `${image}, ${routine}+0x${offset.toString(16)}`,
    ...(linkedAt === undefined ? [] : ['by its physical address']),
  ].join(' ')

/** `0x00400812..0x00400815`, or one address. */
export const addressText = ({ from, to }: Pick<Cluster, 'from' | 'to'>): string => {
  const [first, last] = [from, to].map((it) => addressDigits(it))
  return from === to ? first! : `${first}..${last}`
}

/** ` (rt-spin, main+0x12)`; says so when it is not certain. */
export const placeText = ({ places }: Cluster, names: PlaceNames): string => {
  const [one, ...others] = places.map(names)
  if (one === undefined) return ''
  if (others.length === 0) return ` (${one})`
  return ` (${[one, ...others].join(' or ')}: all of them are linked there)`
}
