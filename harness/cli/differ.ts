import { errorOutput, output } from '../host/output.ts'
import { differ as bootEach, type MethodTrace, type Parting } from '../boot/differ.ts'
import { failedStatus } from '../core/errors.ts'
import { visibleText } from '../core/text.ts'
import { typedWhole } from '../core/typed.ts'
import { printJson } from './print.ts'
import { shortPath } from '../host/paths.ts'
import { findScenario } from './catalogue.ts'
import type { DifferFlags } from './flags.ts'
import { guestsFor } from './guests.ts'
import { interruptible } from './signals.ts'

/** `bootstand differ`: one boot set by every method, and where their outcomes part. */
export const differ = async (name: string, flags: DifferFlags): Promise<void> => {
  const quiet = quietOf(flags)
  const found = await findScenario(name)
  const guests = await guestsFor(flags.images, found.scenario)
  const print = flags.json === true ? errorOutput : output
  print.write(`${found.name} (${guests.label}), by every method:\n`)
  await interruptible(async (signal) => {
    const differences = await bootEach(found.scenario, {
      name: found.name,
      signal,
      onTrace: (trace) => print.write(`${traceText(trace)}\n`),
      ...(quiet !== undefined && { quiet }),
      ...(flags.images !== undefined && { images: guests.directory }),
    })
    const { partings } = differences
    const { method } = differences.traces[0]!
    if (flags.json === true) printJson(differences)
    else output.write(partings.map((it) => partingText(it, method)).join(''))
    const parted = partings.filter((it) => it.isOutcome).map((it) => it.method)
    const summary =
      parted.length === 0
        ? 'All methods come to the same end.'
        : `Another end than by ${method}: ${parted.join(', ')}.`
    print.write(`${summary}\n`)
    if (parted.length > 0) process.exitCode = failedStatus
  })
}

const traceText = ({ method, end, runFolder }: MethodTrace): string =>
  `  ${method.padEnd(8)} ${end}${runFolder === undefined ? '' : `  (${shortPath(runFolder)})`}`

const partingText = (
  { method, isOutcome, line, expected, found }: Parting,
  reference: string,
): string => {
  const what = isOutcome ? 'parts from' : 'prints otherwise than'
  if (line === undefined) return `${method} ${what} ${reference} after the same lines.\n`
  return [
    `${method} ${what} ${reference} at line ${line}:`,
    `  ${reference.padEnd(8)} ${shown(expected)}`,
    `  ${method.padEnd(8)} ${shown(found)}`,
    '',
  ].join('\n')
}

const shown = (line: string | undefined): string =>
  line === undefined ? '(nothing more)' : `| ${visibleText(line)}`

const quietOf = ({ quiet }: DifferFlags): number | undefined =>
  quiet === undefined ? undefined : typedWhole('--quiet', quiet, { most: 3_599_999, of: 'ms' })
