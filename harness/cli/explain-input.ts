import fs from 'node:fs'
import path from 'node:path'
import { verdictIn } from '../boot/record.ts'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError } from '../core/errors.ts'
import type { BootedFile } from '../diagnosis/address-map.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'
import { sha256OfBytes } from '../host/hash.ts'
import { shortPath } from '../host/paths.ts'
import { consoleRoles } from '../host/run-folder.ts'
import { findRun, noRun } from './runs.ts'

/** A log to explain. */
export interface Log {
  readonly path: string
  readonly text: string
  readonly notes: readonly string[]
}

/** A file of the boot set, and where it lies. */
export interface ImageFile extends BootedFile {
  readonly path: string
}

/** What a word on the command line means. */
export interface ExplainInput {
  readonly logs: readonly Log[]
  /** The files that a run is known to have booted. */
  readonly booted: readonly ImageFile[]
  /** What is known of the run beside its logs. */
  readonly run: FindingContext
  readonly notes: readonly string[]
}

/** Bytes of a log that are read: its last ones. */
const longestLog = 64 * 1024 * 1024

/** Reads a log file, or the consoles of a run and what it booted. */
export const explainInput = (name: string): ExplainInput => {
  const found = fs.statSync(name, { throwIfNoEntry: false })
  if (found !== undefined && !found.isDirectory())
    return { logs: [readLog(path.resolve(name))], booted: [], run: {}, notes: [] }
  if (found === undefined && /[/.]/.test(name))
    throw wrong(`Expected a log file or a run at ${name}; there is nothing.`)
  const folder = findRun(name)
  const consoles = consoleRoles(folder)
  if (consoles.length === 0)
    throw noRun(`Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`)
  const logs = consoles.map((role) => readLog(path.join(folder, `${role}.out`)))
  const verdict = verdictIn(folder)
  return { logs, ...bootedBy(verdict), run: verdict === undefined ? {} : runOf(verdict) }
}

const readLog = (file: string): Log => {
  try {
    const { size } = fs.statSync(file)
    const from = Math.max(0, size - longestLog)
    const bytes = from === 0 ? fs.readFileSync(file) : tailOf(file, from, size - from)
    const note = `Only the last 64 MiB of ${shortPath(file)} were read; lines count from there.`
    return { path: file, text: bytes.toString('latin1'), notes: from === 0 ? [] : [note] }
  } catch (error) {
    throw wrong(`Cannot read the log ${shortPath(file)}: ${(error as Error).message}.`)
  }
}

const tailOf = (file: string, from: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  const descriptor = fs.openSync(file, 'r')
  try {
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, from))
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The images of a run's verdict, as far as they are still what was booted. */
const bootedBy = (verdict: Verdict | undefined): Pick<ExplainInput, 'booted' | 'notes'> => {
  const booted: ImageFile[] = []
  const notes: string[] = []
  for (const { role, path: file, sha256 } of verdict?.images ?? []) {
    const bytes = contentOf(file)
    if (bytes !== undefined && sha256OfBytes(bytes) === sha256)
      booted.push({
        name: path.basename(file),
        path: file,
        bytes,
        runsAsKernel: role === 'kernel' || role === 'kickstart',
      })
    else
      notes.push(
        `${file} (${role}) ${bytes === undefined ? 'is gone' : 'has changed'} since it was booted, so it is not used.`,
      )
  }
  return { booted, notes }
}

const contentOf = (file: string): Buffer | undefined => {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

const runOf = ({ command, consoles, outcome, summary }: Verdict): FindingContext => {
  const option = command.indexOf('-smp')
  return {
    processors: option === -1 ? 1 : Number.parseInt(command[option + 1] ?? '', 10),
    serialPorts: consoles.serial.length,
    end: { outcome, summary },
  }
}

/** The ELF files of a directory, and those that were named. */
export const givenImages = (
  directory: string | undefined,
  named: readonly string[],
): readonly ImageFile[] => {
  const listed = directory === undefined ? [] : elfFilesIn(directory)
  const files = named.map((file): ImageFile => {
    const bytes = contentOf(file)
    if (bytes === undefined) throw wrong(`Cannot read the ELF file ${file}.`)
    const elf = parseElf(bytes)
    if (isElfDefect(elf)) throw wrong(`Expected an ELF file at ${file}; ${defects[elf.defect]}.`)
    return { name: path.basename(file), path: path.resolve(file), bytes }
  })
  return [...files, ...listed.filter((it) => files.every((other) => other.path !== it.path))]
}

const defects = {
  'no-elf': 'it is none',
  truncated: 'it is cut off',
  unsupported: 'it is not one that a PC could boot',
} as const

const elfFilesIn = (directory: string): ImageFile[] => {
  let names: string[]
  try {
    names = fs.readdirSync(directory).toSorted()
  } catch (error) {
    throw wrong(`Cannot read the images' directory ${directory}: ${(error as Error).message}.`)
  }
  return names.flatMap((name) => {
    const file = path.resolve(directory, name)
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return []
    const bytes = contentOf(file)
    if (bytes === undefined || isElfDefect(parseElf(bytes))) return []
    return [{ name, path: file, bytes }]
  })
}

const wrong = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_EXPLAIN', 'usage', message)
