import { z } from 'zod'
import { readHot, type HotStretch } from '../boot/hot-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { compareHot, type HotChange, type HotFunction } from '../diagnosis/hot-functions.ts'
import {
  architectureOf,
  emulatorOf,
  nanosecondsPerInstruction,
} from '../target/qemu/command-line.ts'
import { bootMethods, type BootMethod } from '../media/medium.ts'

const cost = z.strictObject({
  /** The benchmark and what else names the line, such as `Inter-AS, messageRegisters 0`. */
  name: z.string(),
  /** Of the guest, as it measured them. */
  instructions: z.number(),
})

/** How a boot's files got into memory, as the command line said; absent where its test says so itself. */
export const followedMethod = z.enum(bootMethods).optional()

/** Instructions of each function, by image: names as their compiler made them. */
const functionCounts = z.record(z.string(), z.record(z.string(), z.number()))

const bootCosts = z.strictObject({
  test: z.string(),
  method: followedMethod,
  /** SHA-256 of what was booted, by its part in the boot. */
  images: z.record(z.string(), z.string()),
  costs: z.array(cost),
  /** Of each benchmark from its first measured line to its second, where they were counted. */
  functions: z.record(z.string(), functionCounts),
})

const file = z.strictObject({
  scenario: z.string(),
  /** For what it holds: numbers of another emulator or of other options mean something else. */
  conditions: z.strictObject({ qemu: z.string(), options: z.string() }),
  boots: z.array(bootCosts),
})

/** What a measured path cost. */
export type Cost = z.infer<typeof cost>

/** Numbers that later ones are held against, and what they hold for. A small file, to be committed. */
export type Baseline = z.infer<typeof file>

/**
 * A baseline from its text.
 *
 * @returns what is wrong with it, as a sentence, where it is none.
 */
export const parseBaseline = (text: string): Baseline | string => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  const result = file.safeParse(json)
  return result.success ? result.data : defectOf(result.error)
}

/** The first thing that is wrong with data, in a clause. */
export const defectOf = ({ issues }: z.ZodError): string => {
  const { path, message } = issues[0]!
  return `${path.length === 0 ? 'the whole' : `"${path.join('.')}"`} is an ${message.replace('Invalid', 'invalid')}`
}

/** The numbers of the boots that measured something; all under the profile `deterministic`. */
export const baselineOf = (scenario: string, runs: readonly Verdict[]): Baseline => {
  const measured = measuredBoots(runs)
  return {
    scenario,
    conditions: conditionsOf(measured[0]?.run),
    boots: measured.map(({ test, run }) => ({
      ...{ test, ...methodOf(run), images: imagesOf(run), costs: costsOf(run) },
      functions: Object.fromEntries(
        stretchesOf(run).map(({ benchmark, functions }) => [benchmark, countsOf(functions)]),
      ),
    })),
  }
}

/** The boots that measured something, by their tests; a test that boots again has a number. */
const measuredBoots = (runs: readonly Verdict[]): { test: string; run: Verdict }[] => {
  const unique = uniqueNames()
  return runs
    .filter((it) => it.measurements.length > 0)
    .map((run) => ({ test: unique(run.test ?? run.scenario), run }))
}

/** Gives a name that comes again a number: `name`, `name (2)`. */
const uniqueNames = (): ((name: string) => string) => {
  const seen = new Map<string, number>()
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
}

/** What was counted, by benchmark; one that is run again has a number, as in the names of costs. */
const stretchesOf = ({ runFolder }: Verdict): Required<HotStretch>[] => {
  const unique = uniqueNames()
  return readHot(runFolder).map(({ benchmark = '', functions }) => ({
    benchmark: unique(benchmark),
    functions,
  }))
}

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

/** For what numbers of a run hold. */
export const conditionsOf = (run: Verdict | undefined): Baseline['conditions'] => ({
  qemu: run?.tools.find(({ name }) => name.startsWith('qemu-'))?.version ?? 'unknown',
  options: run?.command.join(' ') ?? '',
})

/** The method of a boot that followed the command line. */
export const methodOf = ({ method, ownMethod }: Verdict): { readonly method?: BootMethod } =>
  ownMethod === true ? {} : { method }

/** SHA-256 of what was booted, by its part in the boot. */
export const imagesOf = ({ images }: Verdict): Record<string, string> =>
  Object.fromEntries(images.map((it) => [it.role, it.sha256 ?? '']))

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

/** What numbers that were saved hold for. */
export interface Saved {
  readonly conditions: Baseline['conditions']
  readonly boots: readonly Pick<Baseline['boots'][number], 'method'>[]
}

/**
 * Why numbers of a run that is yet to come cannot be held against saved ones, as a clause; nothing if they may.
 *
 * @param now What is known of it before it boots.
 */
export const incomparableBefore = (
  { conditions, boots }: Saved,
  now: { readonly qemu: string | undefined; readonly method: BootMethod },
): string | undefined => {
  if (now.qemu !== undefined && now.qemu !== conditions.qemu)
    return otherQemu(conditions.qemu, now.qemu)
  const other = boots.find(({ method = now.method }) => method !== now.method)
  return other && `it holds for --method ${other.method}, and this is ${now.method}`
}

const otherQemu = (then: string, now: string): string =>
  `it holds for QEMU ${then}, and this is ${now}`

/** The emulator's program by which numbers were measured. */
export const emulatorOfSaved = ({ conditions }: Saved): ReturnType<typeof emulatorOf> =>
  emulatorOf({ memory: 0, architecture: architectureOf(conditions.options.split(' ')[0]) })

/** Why numbers of two runs cannot be held against each other, as a clause; nothing if they can. */
export const incomparable = (
  before: Pick<Baseline, 'conditions'>,
  after: Pick<Baseline, 'conditions'>,
): string | undefined => {
  const [then, now] = [before.conditions, after.conditions]
  if (then.qemu !== now.qemu) return otherQemu(then.qemu, now.qemu)
  if (then.options === now.options) return undefined
  const [old, young] = [then.options.split(' '), now.options.split(' ')]
  const [gone, come] = [young, old].map((others, index) =>
    (index === 0 ? old : young).filter((word) => !others.includes(word)).join(' '),
  )
  return `it holds for other options of QEMU (then: ${gone || 'none more'}; now: ${come || 'none more'})`
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

/** Parts of the boot whose files are others now. */
export const changedImages = (before: Baseline, after: Baseline): string[] => {
  const hashes = ({ boots }: Baseline) => boots[0]?.images ?? {}
  const roles = Object.keys({ ...hashes(before), ...hashes(after) })
  return roles.filter((role) => hashes(before)[role] !== hashes(after)[role])
}

/** A benchmark of a test. */
export interface TestBenchmark {
  readonly test: string
  readonly benchmark: string
}

/** The functions that changed in a benchmark; nothing where they were not counted both times. */
export interface BenchmarkChanges extends TestBenchmark {
  readonly changes?: readonly HotChange[]
}

/** What has become of the functions of some benchmarks. */
export const functionChanges = (
  before: Baseline,
  runs: readonly Verdict[],
  benchmarks: readonly TestBenchmark[],
): BenchmarkChanges[] => {
  const boots = measuredBoots(runs)
  return benchmarks.map(({ test, benchmark }) => {
    const then = before.boots.find((it) => it.test === test)?.functions[benchmark]
    const run = boots.find((it) => it.test === test)?.run
    const now = run && stretchesOf(run).find((it) => it.benchmark === benchmark)
    if (then === undefined || now === undefined) return { test, benchmark }
    return { test, benchmark, changes: compareHot(countedFunctions(then), now.functions) }
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
