import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { readHot, type HotStretch } from '../run-folder/hot-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import type { HotChange, HotFunction } from '../diagnosis/hot-functions.ts'
import { nanosecondsPerInstruction } from '../target/qemu/command-line.ts'
import {
  changedFunctions,
  keptBoot,
  keptOf,
  keptRun,
  namedBoots,
  numbered,
  parseKept,
  qemuOf,
  uniqueNames,
} from './kept-run.ts'

const cost = exactObject({
  /** The benchmark and what else names the line, such as `Inter-AS, messageRegisters 0`. */
  name: z.string(),
  /** Of the guest, as it measured them. */
  instructions: z.number(),
})

/** Instructions of each function, by image: names as their compiler made them. */
const functionCounts = z.record(z.string(), z.record(z.string(), z.number()))

const bootCosts = exactObject({
  ...keptBoot,
  costs: z.array(cost).min(1),
  /** Of each benchmark from its first measured line to its second, where they were counted. */
  functions: z.record(z.string(), functionCounts),
})

const file = exactObject({
  ...keptRun,
  boots: z.array(bootCosts).min(1),
})

/** What a measured path cost. */
export type Cost = z.infer<typeof cost>

/** Numbers that later ones are held against, and what they hold for. A small file, to be committed. */
export type Baseline = z.infer<typeof file>

/**
 * A baseline from its text.
 *
 * @returns what is wrong with it, as a clause, where it is none.
 */
export const parseBaseline = (text: string): Baseline | string => parseKept(file, text)

/** The numbers of the boots that measured something; all under the profile `deterministic`. */
export const baselineOf = (scenario: string, runs: readonly Verdict[]): Baseline => ({
  scenario,
  qemu: qemuOf(runs),
  boots: namedBoots(runs)
    .filter(({ run }) => run.measurements.length > 0)
    .map((it) => ({
      ...keptOf(it),
      costs: costsOf(it.run),
      functions: Object.fromEntries(
        stretchesOf(it.run).map(({ benchmark, functions }) => [benchmark, countsOf(functions)]),
      ),
    })),
})

/** What was counted, by benchmark; one that is run again has a number, as in the names of costs. */
const stretchesOf = ({ runFolder }: Verdict): Required<Omit<HotStretch, 'run'>>[] =>
  readHot(runFolder).map(({ benchmark = '', run = 1, functions }) => ({
    benchmark: numbered(benchmark, run),
    functions,
  }))

/** In an order of their own, so that two baselines are easily compared. */
const countsOf = (counted: readonly HotFunction[]): z.infer<typeof functionCounts> => {
  const images = [...new Set(counted.map(({ image }) => image))].toSorted()
  return Object.fromEntries(
    images.map((image) => {
      const own = counted.filter((it) => it.image === image)
      const entries = own.map((it) => [it.function, it.instructions] as const)
      return [image, Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))]
    }),
  )
}

const costsOf = ({ measurements }: Verdict): Cost[] => {
  const unique = uniqueNames()
  return measurements.flatMap(({ benchmark, cycles, microseconds: _, ...others }) => {
    if (typeof cycles !== 'number') return []
    const words = Object.entries(others).map(([key, value]) => `${key} ${value}`)
    const name = unique([String(benchmark), ...words].join(', '))
    const instructions = Math.round((cycles / nanosecondsPerInstruction) * 100) / 100
    return [{ name, instructions }]
  })
}

/** A cost on both sides of a change. Absent where it was measured on one only. */
export interface PairedCost {
  readonly test: string
  readonly name: string
  readonly before?: number
  readonly after?: number
}

/** All numbers of both, in their order. */
export const pairedCosts = (before: Baseline, after: Baseline): PairedCost[] => {
  const tests = [...new Set([...before.boots, ...after.boots].map(({ test }) => test))]
  return tests.flatMap((test) => {
    const [old, young] = [before, after].map(({ boots }) => {
      const costs = boots.find((it) => it.test === test)?.costs ?? []
      return new Map(costs.map(({ name, instructions }) => [name, instructions]))
    })
    return [...new Set([...old!.keys(), ...young!.keys()])].map((name) => {
      const [then, now] = [old!.get(name), young!.get(name)]
      return {
        ...{ test, name },
        ...(then !== undefined && { before: then }),
        ...(now !== undefined && { after: now }),
      }
    })
  })
}

/** A benchmark of a test. */
interface TestBenchmark {
  readonly test: string
  readonly benchmark: string
}

/** One with costs. */
export interface MeasuredBenchmark extends TestBenchmark {
  readonly hasChanged: boolean
}

/** The functions that changed in a benchmark; nothing where they were not counted both times. */
export interface BenchmarkChanges extends TestBenchmark {
  readonly changes?: readonly HotChange[]
}

/** What has become of the functions of the benchmarks that have changed, and of which they were not counted both times. */
export const functionChanges = (
  before: Baseline,
  runs: readonly Verdict[],
  benchmarks: readonly MeasuredBenchmark[],
): BenchmarkChanges[] => {
  const boots = namedBoots(runs)
  return benchmarks.flatMap(({ test, benchmark, hasChanged }): BenchmarkChanges[] => {
    const then = before.boots.find((it) => it.test === test)
    const now = boots.find((it) => it.test === test)
    const old = then?.functions[benchmark]
    const young = now && stretchesOf(now.run).find((it) => it.benchmark === benchmark)
    if (old === undefined || young === undefined) return [{ test, benchmark }]
    if (!hasChanged) return []
    const changes = changedFunctions(
      { ...then!, functions: countedFunctions(old) },
      { ...keptOf(now!), functions: young.functions },
    )
    return [{ test, benchmark, changes }]
  })
}

/** As `hot` has them, but for how often they were called. */
export const countedFunctions = (counts: z.infer<typeof functionCounts>): HotFunction[] =>
  Object.entries(counts).flatMap(([image, own]) =>
    Object.entries(own).map(([name, instructions]) => ({
      ...{ image, function: name, instructions },
      calls: 0,
    })),
  )
