import type { ImageFile } from '../diagnosis/address-map.ts'
import { bootedFiles } from '../diagnosis/booted-files.ts'
import {
  crashReports,
  type CrashInstruction,
  type CrashPlace,
  type CrashReport,
} from '../diagnosis/crash-report.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { findingsIn, type AdvisedFinding } from '../diagnosis/findings.ts'
import { sourcesOf, symbolNames } from '../diagnosis/readable-places.ts'
import type { Log } from './read-log.ts'

/** What there is to say of a log. */
export interface ExplainedLog {
  readonly log: string
  /** Paths of the files that places were looked up in. */
  readonly images: readonly string[]
  readonly notes: readonly string[]
  readonly crashes: readonly CrashReport[]
  readonly findings: readonly AdvisedFinding[]
}

/**
 * Tells what stopped in a log, and where.
 *
 * @param booted The files that are known to have been booted.
 * @param given Files that may have been: used in their place as far as they agree with the log.
 * @param run What is known of it beside the log.
 */
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
  const names = await symbolNames(first.flatMap(placesOf))
  const named = crashReports(text, { files, names })
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
  [
    ...instructionsOf(crash),
    ...crash.stack,
    ...crash.others.flatMap(({ where }) => where ?? []),
  ].flatMap(({ places }) => places)

const withSources = async (
  crashes: readonly CrashReport[],
  files: readonly ImageFile[],
): Promise<readonly CrashReport[]> => {
  const sourced = await sourcesOf(crashes.flatMap(placesOf), files)
  const withSource = <T extends { readonly places: readonly CrashPlace[] }>(it: T): T => ({
    ...it,
    places: it.places.map(sourced),
  })
  return crashes.map((crash) => ({
    ...crash,
    ...(crash.where && { where: withSource(crash.where) }),
    ...(crash.noticed && { noticed: withSource(crash.noticed) }),
    callers: crash.callers.map(withSource),
    stack: crash.stack.map(withSource),
    others: crash.others.map((it) => (it.where ? { ...it, where: withSource(it.where) } : it)),
  }))
}
