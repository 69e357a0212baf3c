import { bootedFiles } from '../diagnosis/booted-files.ts'
import {
  crashReports,
  type CrashInstruction,
  type CrashPlace,
  type CrashReport,
} from '../diagnosis/crash-report.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { findingsIn, type AdvisedFinding } from '../diagnosis/findings.ts'
import { demangled } from '../host/demangle.ts'
import { shortPath } from '../host/paths.ts'
import { sourceLines } from '../host/source-lines.ts'
import { explainInput, givenImages, type ImageFile } from './explain-input.ts'
import { adviceText, crashText } from './explain-text.ts'
import type { ExplainFlags } from './flags.ts'
import type { Log } from './read-log.ts'

/** What no log without a stop has. */
const lookedFor = [
  "errors of GRUB, failures of kickstart, faults, assertions and debugger entries of L4Ka::Pistachio, Linux' oopses",
  "and panics, failures of Fiasco and L4Re, GNU Mach's panics and its debugger, Xen's panics",
].join(' ')

/** What was found in a log. */
export interface ExplainedLog {
  readonly log: string
  /** Paths of the files that places were looked up in. */
  readonly images: readonly string[]
  readonly notes: readonly string[]
  readonly crashes: readonly CrashReport[]
  readonly findings: readonly AdvisedFinding[]
}

/** `bootstand explain`: what stopped in a log file, or in a run. */
export const explain = async (name: string, flags: ExplainFlags): Promise<void> => {
  const { logs, booted, run, notes } = await explainInput(name)
  const given = givenImages(flags.images, flags.elf ?? [])
  const explained: ExplainedLog[] = []
  for (const log of logs) explained.push(await explainLog(log, booted, given, run))
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ lookedFor, notes, logs: explained }, null, 2)}\n`)
    return
  }
  const said = [...notes, ...explained.flatMap((it) => it.notes)]
  process.stdout.write(explained.map(logText).join('\n'))
  process.stderr.write([...new Set(said)].map((it) => `${it}\n`).join(''))
}

/** Finds the stops of a log, with routines and source lines. */
export const explainLog = async (
  { path: file, text, notes }: Log,
  booted: readonly ImageFile[],
  given: readonly ImageFile[] = [],
  run: FindingContext = {},
): Promise<ExplainedLog> => {
  // What a run is known to have booted needs no proof by its log; what somebody names does.
  const chosen =
    given.length > 0 ? bootedFiles(text, given) : { files: booted, notes: [] as readonly string[] }
  const { files } = chosen
  const first = crashReports(text, { files })
  const symbols = [...new Set(first.flatMap(placesOf).flatMap(({ symbol }) => symbol ?? []))]
  const readable = await demangled(symbols)
  const nameOf = new Map(symbols.map((symbol, index) => [symbol, readable[index]!]))
  const named = crashReports(text, { files, names: (symbol) => nameOf.get(symbol) ?? symbol })
  return {
    log: file,
    images: files.map((it) => it.path),
    notes: [...notes, ...chosen.notes],
    crashes: await withSources(named, files),
    findings: findingsIn(text, { ...run, files: given }),
  }
}

const instructionsOf = ({ where, noticed, callers }: CrashReport): CrashInstruction[] => [
  ...(where ? [where] : []),
  ...(noticed ? [noticed] : []),
  ...callers,
]

const placesOf = (crash: CrashReport): CrashPlace[] =>
  [...instructionsOf(crash), ...crash.stack].flatMap(({ places }) => places)

const withSources = async (
  crashes: readonly CrashReport[],
  files: readonly ImageFile[],
): Promise<readonly CrashReport[]> => {
  const sources = new Map<string, string | undefined>()
  const all = crashes.flatMap(placesOf)
  for (const { name, path } of files) {
    const inFile = all.filter((it) => it.image === name).map((it) => it.instruction)
    const addresses = [...new Set(inFile)]
    const lines = await sourceLines(path, addresses)
    addresses.forEach((address, index) => sources.set(`${name} ${address}`, lines[index]))
  }
  const withSource = <T extends { readonly places: readonly CrashPlace[] }>(it: T): T => ({
    ...it,
    places: it.places.map((place) => {
      const source = sources.get(`${place.image} ${place.instruction}`)
      return source === undefined ? place : { ...place, source }
    }),
  })
  return crashes.map((crash) => ({
    ...crash,
    ...(crash.where && { where: withSource(crash.where) }),
    ...(crash.noticed && { noticed: withSource(crash.noticed) }),
    callers: crash.callers.map(withSource),
    stack: crash.stack.map(withSource),
  }))
}

const logText = ({ log, crashes, findings }: ExplainedLog): string => {
  const file = shortPath(log)
  const identities = [...new Set(crashes.map((it) => it.identity))]
  const stops = identities
    .map((identity) => crashes.filter((it) => it.identity === identity))
    .map((same) => crashText(file, same))
  const none = `${file}: no stop found. Looked for ${lookedFor}.\n`
  return [
    ...(stops.length === 0 ? [none] : stops),
    ...findings.map((it) => adviceText(file, it)),
  ].join('\n')
}
