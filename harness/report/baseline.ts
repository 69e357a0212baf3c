import { z } from 'zod'
import type { Verdict } from '../boot/verdict.ts'
import { nanosecondsPerInstruction } from '../target/qemu/command-line.ts'

const cost = z.strictObject({
  /** The benchmark and what else names the line, such as `Inter-AS, messageRegisters 0`. */
  name: z.string(),
  /** Of the guest, as it measured them. */
  instructions: z.number(),
})

const bootCosts = z.strictObject({
  test: z.string(),
  /** SHA-256 of what was booted, by its part in the boot. */
  images: z.record(z.string(), z.string()),
  costs: z.array(cost),
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
  return result.success ? result.data : z.prettifyError(result.error)
}

/** The numbers of the boots that measured something; all under the profile `deterministic`. */
export const baselineOf = (scenario: string, runs: readonly Verdict[]): Baseline => {
  const measured = runs.filter((it) => it.measurements.length > 0)
  return {
    scenario,
    conditions: conditionsOf(measured[0]),
    boots: measured.map((run) => ({
      test: run.test ?? run.scenario,
      images: imagesOf(run),
      costs: costsOf(run),
    })),
  }
}

/** For what numbers of a run hold. */
export const conditionsOf = (run: Verdict | undefined): Baseline['conditions'] => ({
  qemu: run?.tools.find(({ name }) => name.startsWith('qemu-'))?.version ?? 'unknown',
  options: run?.command.join(' ') ?? '',
})

/** SHA-256 of what was booted, by its part in the boot. */
export const imagesOf = ({ images }: Verdict): Record<string, string> =>
  Object.fromEntries(images.map((it) => [it.role, it.sha256 ?? '']))

const costsOf = ({ measurements }: Verdict): Cost[] => {
  const seen = new Map<string, number>()
  return measurements.flatMap(({ benchmark, cycles, microseconds: _, ...others }) => {
    if (typeof cycles !== 'number') return []
    const words = Object.entries(others).map(([key, value]) => `${key} ${value}`)
    const name = [String(benchmark), ...words].join(', ')
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    const instructions = Math.round((cycles / nanosecondsPerInstruction) * 100) / 100
    return [{ name: count === 1 ? name : `${name} (${count})`, instructions }]
  })
}

/** A cost that is no longer the same. Absent where it was measured on one side only. */
export interface ChangedCost {
  readonly test: string
  readonly name: string
  readonly before?: number
  readonly after?: number
}

/** What became of a baseline's numbers. */
export interface BaselineChanges {
  /** Parts of the boot whose files are others now. */
  readonly images: readonly string[]
  readonly costs: readonly ChangedCost[]
  /** Of all that were measured. */
  readonly count: number
}

/** Why numbers of two runs cannot be held against each other, as a sentence; nothing if they can. */
export const incomparable = (
  before: Pick<Baseline, 'conditions'>,
  after: Pick<Baseline, 'conditions'>,
): string | undefined => {
  const [then, now] = [before.conditions, after.conditions]
  if (then.qemu !== now.qemu) return `it holds for QEMU ${then.qemu}, and this is ${now.qemu}`
  if (then.options === now.options) return undefined
  const [old, young] = [then.options.split(' '), now.options.split(' ')]
  const [gone, come] = [young, old].map((others, index) =>
    (index === 0 ? old : young).filter((word) => !others.includes(word)).join(' '),
  )
  return `it holds for other options of QEMU (then: ${gone || 'none more'}; now: ${come || 'none more'})`
}

/** The numbers that have changed. */
export const changedCosts = (before: Baseline, after: Baseline): BaselineChanges => {
  const tests = [...new Set([...before.boots, ...after.boots].map(({ test }) => test))]
  const costs = tests.flatMap((test) => {
    const [old, young] = [before, after].map(
      ({ boots }) => boots.find((it) => it.test === test)?.costs ?? [],
    )
    const names = new Set([...old!, ...young!].map(({ name }) => name))
    return [...names].flatMap((name): ChangedCost[] => {
      const [then, now] = [old, young].map(
        (list) => list!.find((it) => it.name === name)?.instructions,
      )
      if (then === now) return []
      const known = {
        ...(then !== undefined && { before: then }),
        ...(now !== undefined && { after: now }),
      }
      return [{ test, name, ...known }]
    })
  })
  const hashes = ({ boots }: Baseline) => boots[0]?.images ?? {}
  const roles = Object.keys({ ...hashes(before), ...hashes(after) })
  return {
    images: roles.filter((role) => hashes(before)[role] !== hashes(after)[role]),
    costs,
    count: after.boots.reduce((sum, it) => sum + it.costs.length, 0),
  }
}

/** A line for each changed cost: `Inter-AS, messageRegisters 0   140.60 → 141.60  +1.00`. */
export const changeLines = ({ costs }: BaselineChanges): string[] => {
  const width = Math.max(...costs.map(({ name }) => name.length))
  return costs.map(({ name, before, after }) => {
    const shown = (it: number | undefined) => (it?.toFixed(2) ?? '–').padStart(9)
    const difference = before === undefined || after === undefined ? undefined : after - before
    const sign = (difference ?? 0) > 0 ? '+' : ''
    const change = difference === undefined ? '' : `  ${sign}${difference.toFixed(2)}`
    return `${name.padEnd(width)} ${shown(before)} → ${shown(after)}${change}`
  })
}
