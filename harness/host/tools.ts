import { constants } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { descriptions, type Confinement, type ToolDescription } from './tool-descriptions.ts'

export type ToolName = keyof typeof descriptions

/** The names of all outside programs, in the order in which `doctor` shows them. */
export const toolNames = Object.keys(descriptions) as readonly ToolName[]

/** What is known of a tool on this machine. */
export interface ToolReport {
  readonly name: ToolName
  readonly purpose: string
  readonly debianPackage: string
  /** What needs it, as typed behind `bootstand`, where not every boot does. */
  readonly neededBy?: readonly string[]
  /** Where it was found, if it was. */
  readonly path?: string
  readonly version?: string
  /** One sentence when it cannot be used. */
  readonly problem?: string
  /** Options that confine it, where it takes them. */
  readonly confinement?: readonly string[]
  /** Why it does not take them, in its own words. */
  readonly unconfined?: string
}

const reports = new Map<ToolName, Promise<ToolReport>>()

/** Looks a tool up, once a process. */
export const inspectTool = async (name: ToolName): Promise<ToolReport> => {
  let report = reports.get(name)
  if (report === undefined) {
    report = inspect(name)
    reports.set(name, report)
  }
  return await report
}

/** Forgets what was found: something has been installed. */
export const forgetTools = (): void => reports.clear()

/**
 * Where a tool is.
 *
 * @throws {BootstandError} when it is missing or too old, with the package that brings it.
 */
export const toolPath = async (name: ToolName): Promise<string> => {
  const report = await inspectTool(name)
  if (report.problem === undefined) return report.path!
  throw new BootstandError('BOOTSTAND_TOOL', 'host', report.problem)
}

/** Options that confine a tool, whether or not this host's build of it supports them. */
export const confinementOf = (name: ToolName): readonly string[] =>
  (descriptions[name] as ToolDescription).confinement?.arguments ?? []

const inspect = async (name: ToolName): Promise<ToolReport> => {
  const description: ToolDescription = descriptions[name]
  const { purpose, debianPackage } = description
  const { neededBy } = description
  const base = { name, purpose, debianPackage, ...(neededBy !== undefined && { neededBy }) }
  const found = await locate(description.candidates)
  if (found === undefined) {
    return {
      ...base,
      problem: `${name} (${purpose}) is missing. \`npx bootstand setup\` gets it (Debian package ${debianPackage}).`,
    }
  }
  const [version, confined] = await Promise.all([
    askVersion(found, description.version),
    tryConfinement(found, description.confinement),
  ])
  if (version === undefined) {
    return {
      ...base,
      path: found,
      problem: `${found} does not tell its version, so it may not be ${name} (${purpose}) of the Debian package ${debianPackage}.`,
    }
  }
  if (description.minimum !== undefined && isOlder(version, description.minimum)) {
    return {
      ...base,
      path: found,
      version,
      problem: `${found} is version ${version}; expected ${description.minimum} or newer. Install a newer ${debianPackage}.`,
    }
  }
  return { ...base, path: found, version, ...confined }
}

/** Starts the program with its confining options: only that shows whether its build and the kernel support them. */
const tryConfinement = async (
  file: string,
  confinement: Confinement | undefined,
): Promise<Pick<ToolReport, 'confinement' | 'unconfined'>> => {
  if (confinement === undefined) return {}
  const { arguments: options, trial } = confinement
  const answer = await execa(file, [...options, ...trial.arguments], {
    reject: false,
    input: trial.input,
    timeout: 10_000,
    env: { LC_ALL: 'C' },
  })
  // A trial that took too long shows nothing: a start with the options then fails with a reason.
  if (answer.exitCode === 0 || answer.timedOut) return { confinement: options }
  const [words = ''] = answer.stderr.trim().split('\n')
  return { unconfined: words === '' ? `it ended with status ${answer.exitCode}` : words }
}

const askVersion = async (
  file: string,
  { arguments: words, pattern }: ToolDescription['version'],
): Promise<string | undefined> => {
  if (words === undefined) return pattern.exec(await fs.readFile(file, 'latin1'))?.[1]
  const answer = await execa(file, words, {
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
    env: { LC_ALL: 'C' },
    // The programs of e2fsprogs tell their version on standard error.
    all: true,
  })
  return pattern.exec(answer.all)?.[1]
}

const isOlder = (version: string, minimum: string): boolean => {
  const numbers = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10))
  const [have, want] = [numbers(version), numbers(minimum)]
  if (have[0] !== want[0]) return have[0]! < want[0]!
  return have[1]! < want[1]!
}

const locate = async (candidates: readonly string[]): Promise<string | undefined> => {
  for (const candidate of candidates) {
    const isPath = path.isAbsolute(candidate)
    const places = isPath ? [candidate] : searchPath().map((folder) => path.join(folder, candidate))
    for (const place of places) {
      if (await isUsable(place, isPath ? constants.R_OK : constants.X_OK)) return place
    }
  }
  return undefined
}

// Administrators' programs are not in everybody's PATH on Debian.
const searchPath = (): string[] => [
  ...(process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== ''),
  '/usr/sbin',
  '/sbin',
]

const isUsable = async (file: string, mode: number): Promise<boolean> => {
  try {
    await fs.access(file, mode)
    return (await fs.stat(file)).isFile()
  } catch {
    return false
  }
}
