import { BootstandError } from '../core/errors.ts'
import { LineScanner } from '../console/lines.ts'
import { bootMethods, type BootMethod } from '../media/medium.ts'
import { boot, type BootOptions } from './boot.ts'
import type { Scenario } from './scenario.ts'
import type { Target } from './target.ts'
import type { Verdict } from './verdict.ts'

/** What became of a scenario by one method. */
export interface MethodTrace {
  readonly method: BootMethod
  /** How far it came, in a clause: two methods whose ends differ have parted. */
  readonly end: string
  /** What the booted software printed on the first console, line by line. */
  readonly lines: readonly string[]
  /** Where its files are; nothing when it was refused before it booted. */
  readonly runFolder?: string
}

/** Where a method leaves the one that it is compared with. */
export interface Parting {
  readonly method: BootMethod
  /** Whether it came to another end; otherwise only printed lines differ. */
  readonly isOutcome: boolean
  /** Of the first line that differs, counted from 1; nothing when all lines are the same. */
  readonly line: number | undefined
  /** That line by either; nothing where the console had ended. */
  readonly expected: string | undefined
  readonly found: string | undefined
}

/** All methods, compared with the first of them. */
export interface Differences {
  readonly traces: readonly MethodTrace[]
  readonly partings: readonly Parting[]
}

/** How long it boots, and who is told. */
export interface DifferOptions extends Pick<BootOptions, 'images' | 'name' | 'signal'> {
  readonly methods?: readonly BootMethod[]
  /** Milliseconds of silence on the first console after which a boot has come to its end. */
  readonly quiet?: number
  /** Milliseconds after which it is ended, however much it prints. */
  readonly within?: number
  readonly onTrace?: (trace: MethodTrace) => void
}

/** Longer than a real kernel's silence while it measures its processor. */
const usualQuiet = 5_000
const usualLimit = 60_000

/**
 * Boots a scenario by every method, with nothing typed, and finds where they part. The first method
 * boots twice: numbers that are not the same even then, such as a measured speed, are no difference.
 */
export const differ = async (
  scenario: Scenario,
  options: DifferOptions = {},
): Promise<Differences> => {
  const [first, ...others] = options.methods ?? bootMethods
  if (first === undefined) return { traces: [], partings: [] }
  const reference = await traceOf(scenario, first, options)
  options.onTrace?.(reference)
  const again = await traceOf(scenario, first, options)
  const unsteady = unsteadyLines(reference, again)
  const traces: MethodTrace[] = []
  for (const method of others) {
    const trace = await traceOf(scenario, method, options)
    traces.push(trace)
    options.onTrace?.(trace)
  }
  const partings = traces.map((it) => partingOf(reference, it, unsteady))
  return { traces: [reference, ...traces], partings: partings.filter((it) => it !== undefined) }
}

const traceOf = async (
  scenario: Scenario,
  method: BootMethod,
  { images, name, signal, quiet = usualQuiet, within = usualLimit }: DifferOptions,
): Promise<MethodTrace> => {
  const options = { images, method, ...(name !== undefined && { name }), ...(signal && { signal }) }
  try {
    await using target = await boot(scenario, options)
    await silence(target, { quiet, within, signal })
    const verdict = await target.stop()
    return {
      method,
      end: endOf(verdict),
      lines: linesOf(target, scenario),
      runFolder: verdict.runFolder,
    }
  } catch (error) {
    // What one medium cannot hold, another may boot.
    if (!(error instanceof BootstandError) || error.culprit !== 'bootset') throw error
    return { method, end: `refused: ${error.message.split('\n')[0]}`, lines: [] }
  }
}

/** Waits until a target prints no more. */
const silence = async (
  target: Target,
  { quiet, within, signal }: { quiet: number; within: number; signal: AbortSignal | undefined },
): Promise<void> => {
  const { transcript } = target.consoles[0]!
  const until = transcript.time + within
  for (let left = within; left > 0; left = until - transcript.time) {
    const grew = await transcript.growth(transcript.size, { quiet: Math.min(quiet, left), signal })
    if (!grew || transcript.end !== undefined) return
  }
}

const endOf = ({ outcome, summary, phases, stops }: Verdict): string => {
  const stop = stops[0]?.meaning
  const isOver = outcome === 'finished' || outcome === 'crashed'
  const how = isOver ? (stop ?? 'silence') : summary
  return `${phases.at(-1)!.name}, then ${how}`
}

const linesOf = ({ consoles }: Target, { profile }: Scenario): string[] => {
  const scanner = new LineScanner(consoles[0]!.transcript, 0)
  const lines: string[] = []
  let begun = profile.begins === undefined
  for (let line = scanner.next(); line !== undefined; line = scanner.next()) {
    begun ||= profile.begins!.test(line.text)
    if (begun) lines.push(line.text)
  }
  return begun ? [...lines, scanner.unfinished().text] : lines
}

/** Each loader puts modules at other addresses, and QEMU's names them without a slash. */
const comparable = (line: string | undefined): string | undefined =>
  line?.replaceAll(/\b(?:0x)?[0-9a-f]{8}\b/g, '<address>').replaceAll(/(?<![\w/])\/(?=\w)/g, '')

const withoutNumbers = (line: string | undefined): string | undefined =>
  comparable(line)?.replaceAll(/\d+/g, '<number>')

/** By how much a measured speed may differ from boot to boot. */
const tolerance = 0.02

/** Whether two lines are the same but for their addresses and for what was measured, such as `2599 MHz`. */
const isAlike = (one: string | undefined, other: string | undefined): boolean => {
  if (comparable(one) === comparable(other)) return true
  if (one === undefined || other === undefined) return false
  if (withoutNumbers(one) !== withoutNumbers(other)) return false
  const [ours, theirs] = [one, other].map((line) => comparable(line)!.match(/\d+/g)!.map(Number))
  return ours!.every((number, index) => {
    const difference = Math.abs(number - theirs![index]!)
    return difference <= tolerance * number && (difference === 0 || number >= 1_000)
  })
}

/** Indices of the lines that the same boot prints in another way the next time. */
const unsteadyLines = (one: MethodTrace, other: MethodTrace): ReadonlySet<number> =>
  new Set(
    [...one.lines.keys()].filter(
      (index) => comparable(one.lines[index]) !== comparable(other.lines[index]),
    ),
  )

const partingOf = (
  reference: MethodTrace,
  trace: MethodTrace,
  unsteady: ReadonlySet<number>,
): Parting | undefined => {
  const { method } = trace
  const isOutcome = trace.end !== reference.end
  const count = Math.max(reference.lines.length, trace.lines.length)
  for (let index = 0; index < count; index++) {
    const [expected, found] = [reference.lines[index], trace.lines[index]]
    const isSteady = !unsteady.has(index)
    if (isSteady ? isAlike(expected, found) : withoutNumbers(expected) === withoutNumbers(found)) {
      continue
    }
    return { method, isOutcome, line: index + 1, expected, found }
  }
  if (!isOutcome) return undefined
  return { method, isOutcome, line: undefined, expected: undefined, found: undefined }
}
