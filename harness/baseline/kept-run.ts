import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { emulatorIn, type Verdict } from '../boot/verdict.ts'
import { compareHot, type HotChange, type HotFunction } from '../diagnosis/hot-functions.ts'
import { bootMethods, type BootMethod } from '../media/medium.ts'
import { problemOf } from '../run-folder/problem.ts'
import {
  architectureOf,
  emulatorOf,
  machineArguments,
  profileArguments,
} from '../target/qemu/command-line.ts'

/** Of a run whose numbers are kept: numbers of another emulator mean something else. */
export const keptRun = { scenario: z.string(), qemu: z.string() }

/** Of each of its boots that has numbers. */
export const keptBoot = {
  test: z.string(),
  /** How its files got into memory, as the command line said; absent where its test says so itself. */
  method: z.enum(bootMethods).optional(),
  /** Of the machine; what QEMU's loader is told stands among the images. */
  options: z.string(),
  /** What was booted, by its part in the boot: files by their bytes, whatever they are called. */
  images: z.record(
    z.string(),
    exactObject({ name: z.string(), sha256: z.string(), arguments: z.string() }),
  ),
}

const boot = z.object(keptBoot)
type KeptBoot = z.infer<typeof boot>

/** For what the numbers of a run hold. */
export interface KeptRun {
  readonly qemu: string
  readonly boots: readonly KeptBoot[]
}

/** What a file is by a schema, or what is wrong with it, as a clause. */
export const parseKept = <T>(schema: z.ZodType<T>, text: string): T | string => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  return problemOf(result.error, json)
}

/** The version by which runs were emulated. */
export const qemuOf = ([run]: readonly Verdict[]): string =>
  (run && emulatorIn(run))?.version ?? 'unknown'

/** A boot of a test. */
export interface NamedBoot {
  readonly test: string
  readonly run: Verdict
}

/** Boots by their tests; those of a test that boots again have numbers. */
export const namedBoots = (runs: readonly Verdict[]): NamedBoot[] => {
  const unique = uniqueNames()
  return runs.map((run) => ({ test: unique(run.test ?? run.scenario), run }))
}

/** What is kept of a boot besides its numbers. */
export const keptOf = ({ test, run }: NamedBoot): KeptBoot => {
  const { method, ownMethod, images } = run
  const unique = uniqueNames()
  return {
    test,
    ...(ownMethod !== true && { method }),
    options: optionsOf(run),
    images: Object.fromEntries(
      images.map(({ role, name = '', sha256 = '', arguments: words }) => [
        unique(role),
        { name, sha256, arguments: words },
      ]),
    ),
  }
}

/** What of QEMU's command line the numbers depend on; nothing on a board. */
const optionsOf = ({ machine, profile, consoles: { serial, debug } }: Verdict): string =>
  machine === undefined
    ? ''
    : [
        ...[emulatorOf(machine), ...machineArguments(machine), ...profileArguments[profile]],
        ...serial.map((role) => `-serial chardev:${role}`),
        ...(debug === undefined ? [] : ['-device isa-debugcon']),
      ].join(' ')

/** How something is called when it comes for so many times: `name`, `name (2)`. */
export const numbered = (name: string, count: number): string =>
  count === 1 ? name : `${name} (${count})`

/** Gives a name that comes again a number. */
export const uniqueNames = (): ((name: string) => string) => {
  const seen = new Map<string, number>()
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return numbered(name, count)
  }
}

/** The emulator's program by which numbers were measured. */
export const emulatorOfKept = ({ boots: [first] }: KeptRun): ReturnType<typeof emulatorOf> =>
  emulatorOf({ architecture: architectureOf(first?.options.split(' ')[0]) })

/**
 * Why numbers of a run that is yet to come cannot be held against kept ones, as a clause; nothing if they may.
 *
 * @param now What is known of it before it boots.
 */
export const incomparableBefore = (
  { qemu, boots }: KeptRun,
  now: { readonly qemu: string | undefined; readonly method: BootMethod },
): string | undefined => {
  if (now.qemu !== undefined && now.qemu !== qemu) return otherQemu(qemu, now.qemu)
  const other = boots.find(({ method = now.method }) => method !== now.method)
  return other && `it holds for --method ${other.method}, and this is ${now.method}`
}

/** Why numbers of two runs cannot be held against each other, as a clause; nothing if they can. */
export const incomparable = (before: KeptRun, after: KeptRun): string | undefined => {
  if (before.qemu !== after.qemu) return otherQemu(before.qemu, after.qemu)
  for (const [then, now] of pairedBoots(before, after)) {
    const role = Object.keys(now.images).find((it) => {
      const words = then.images[it]?.arguments
      return words !== undefined && words !== now.images[it]!.arguments
    })
    if (role !== undefined) {
      const [old, young] = [then, now].map(({ images }) => images[role]!.arguments.split(' '))
      return `it holds for other arguments of the ${role} (${difference(old!, young!)})`
    }
    // An option and its value.
    const [old, young] = [then, now].map(({ options }) => options.split(/ (?=-)/))
    if (then.options !== now.options)
      return `it holds for other options of QEMU (${difference(old!, young!)})`
  }
  return undefined
}

const otherQemu = (then: string, now: string): string =>
  `it holds for QEMU ${then}, and this is ${now}`

/** `then: -m 64; now: -m 32`, of the words that only one of them has. */
const difference = (then: readonly string[], now: readonly string[]): string => {
  const only = (words: readonly string[], others: readonly string[]) =>
    words.filter((it) => !others.includes(it)).join(' ') || 'none of its own'
  return `then: ${only(then, now)}; now: ${only(now, then)}`
}

/** The boots that are in both runs, by their names. */
export const pairedBoots = <Then extends KeptBoot, Now extends KeptBoot>(
  before: { readonly boots: readonly Then[] },
  after: { readonly boots: readonly Now[] },
): (readonly [Then, Now])[] =>
  after.boots.flatMap((now) => {
    const then = before.boots.find((it) => it.test === now.test)
    return then === undefined ? [] : [[then, now] as const]
  })

/** What was counted in a boot. */
export interface CountedBoot extends Pick<KeptBoot, 'images'> {
  readonly functions: readonly HotFunction[]
}

/** The functions that changed from one boot to another, by the names that files have in the later one. */
export const changedFunctions = (then: CountedBoot, now: CountedBoot): HotChange[] => {
  const names = new Map(
    Object.entries(then.images).map(([role, { name }]) => [name, now.images[role]?.name ?? name]),
  )
  const renamed = then.functions.map((it) => ({ ...it, image: names.get(it.image) ?? it.image }))
  return compareHot(renamed, now.functions)
}

/** Parts of the boots whose files are others now. */
export const changedImages = (before: KeptRun, after: KeptRun): string[] => {
  const changed = pairedBoots(before, after).flatMap(([then, now]) =>
    Object.keys({ ...then.images, ...now.images }).filter(
      (role) => then.images[role]?.sha256 !== now.images[role]?.sha256,
    ),
  )
  return [...new Set(changed)]
}
