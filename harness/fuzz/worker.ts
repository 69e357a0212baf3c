import fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { exitStatusOf, exitStatuses, BootstandError } from '../core/errors.ts'
import { fuzzedFormats } from './formats.ts'
import { mutated } from './mutate.ts'
import { mixedSeed, randomOf } from './random.ts'

/** What a worker is given. */
export interface FuzzWork {
  /** Case number n is of format n modulo their number. */
  readonly formats: readonly string[]
  readonly seed: number
  readonly first: number
  /** The number after the last case. */
  readonly end: number
  /** When no further case begins, in milliseconds since 1970. */
  readonly until: number
  /** A file to read in place of mutated samples. */
  readonly file?: string
  /** An empty folder for files of its own. */
  readonly folder: string
  /** The number of the case that is being read, which the supervisor watches, then how many cases each format had. */
  readonly progress: SharedArrayBuffer
}

/** What a worker sends: a case that failed, or that it has finished. */
export type FuzzMessage =
  | { readonly failure: { readonly index: number; readonly error: string } }
  | { readonly next: number }

/** Returns the bytes of a case, the same for the same seed. */
export const caseOf = (format: string, seed: number, index: number): Buffer => {
  const samples = samplesOf(format)
  return mutated(samples, randomOf(mixedSeed(seed, format, index)))
}

const kept = new Map<string, readonly Buffer[]>()

const samplesOf = (format: string): readonly Buffer[] => {
  const samples = kept.get(format) ?? fuzzedFormats.find((it) => it.name === format)!.samples()
  kept.set(format, samples)
  return samples
}

const work = async (
  { formats, seed, first, end, until, file, folder, progress }: FuzzWork,
  post: (message: FuzzMessage) => void,
): Promise<void> => {
  const current = new Int32Array(progress)
  let index = first
  for (; index < end && Date.now() < until; index++) {
    const { name, run } = formatOf(formats, index)
    // A ramdisk's case starts programs and takes a hundred times as long as others.
    if (isRare(name) && Math.floor(index / formats.length) % 50 !== 0) continue
    const bytes = file === undefined ? caseOf(name, seed, index) : fs.readFileSync(file)
    Atomics.store(current, 0, index)
    Atomics.add(current, 1 + (index % formats.length), 1)
    try {
      await run(bytes, folder)
    } catch (error) {
      const isAnswer = error instanceof BootstandError && exitStatusOf(error) === exitStatuses.usage
      if (!isAnswer) post({ failure: { index, error: (error as Error).stack ?? String(error) } })
    }
  }
  post({ next: index })
}

const isRare = (name: string): boolean => name === 'ramdisk'

const formatOf = (formats: readonly string[], index: number) => {
  const name = formats[index % formats.length]
  return fuzzedFormats.find((it) => it.name === name)!
}

if (parentPort !== null) {
  const port = parentPort
  await work(workerData as FuzzWork, (message) => port.postMessage(message))
}
