import { parseArgs } from 'node:util'
import { typedChoice, typedWhole, usageError } from '../core/typed.ts'

/** What `npm run fuzz` was asked to do. */
export type FuzzArguments =
  | {
      readonly verb: 'fuzz'
      readonly formats: readonly string[]
      readonly seed: number
      /** The number after the last case of all formats together. */
      readonly cases: number
      readonly seconds: number
    }
  | { readonly verb: 'repeat'; readonly format: string; readonly file: string }

const usualSeconds = 30
const mostSeconds = 1_000_000
const mostCases = 1_000_000_000
const mostSeed = 2 ** 32 - 1

/**
 * Checks the arguments of `npm run fuzz`.
 *
 * @throws {BootstandError} (culprit: usage) that says what was expected and found.
 */
export const fuzzArguments = (
  words: readonly string[],
  formats: readonly string[],
): FuzzArguments => {
  const { values, positionals } = parsed(words)
  if (values.repeat === true) {
    const [name, file, ...more] = positionals
    if (name === undefined || file === undefined || more.length > 0)
      throw usageError(
        `Expected --repeat FORMAT FILE, found ${positionals.length} words after --repeat.`,
      )
    return { verb: 'repeat', format: typedChoice('format', name, formats), file }
  }
  const [seconds, ...more] = positionals
  if (more.length > 0)
    throw usageError(`Expected a number of seconds, found "${positionals.join(' ')}".`)
  const whole = (option: string, typed: string | undefined, least: number, most: number) =>
    typed === undefined ? undefined : typedWhole(option, typed, { least, most })
  const cases = whole('--cases', values.cases, 1, mostCases)
  return {
    verb: 'fuzz',
    formats: values.format?.map((it) => typedChoice('format', it, formats)) ?? formats,
    seed: whole('--seed', values.seed, 0, mostSeed) ?? Date.now() % 1e9,
    cases: cases ?? mostCases,
    seconds:
      whole('fuzz', seconds, 1, mostSeconds) ?? (cases === undefined ? usualSeconds : mostSeconds),
  }
}

const parsed = (words: readonly string[]) => {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        cases: { type: 'string' },
        seed: { type: 'string' },
        format: { type: 'string', multiple: true },
        repeat: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw usageError(
      `Expected npm run fuzz [seconds] with --cases, --seed, --format or --repeat. ${(error as Error).message.split('\n')[0]!}`,
    )
  }
}
