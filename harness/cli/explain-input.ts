import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError } from '../core/errors.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'
import { shortPath } from '../host/paths.ts'
import { findRun, namesIn, noRun } from './runs.ts'

/** A log to explain. */
export interface Log {
  readonly path: string
  readonly text: string
  readonly notes: readonly string[]
}

/** What a word on the command line means. */
export interface ExplainInput {
  readonly logs: readonly Log[]
  /** The files that a run is known to have booted. */
  readonly booted: readonly ImageFile[]
  readonly notes: readonly string[]
}

/** Bytes of a log that are read: its last ones. */
const longestLog = 64 * 1024 * 1024

/** Reads a log file, or the consoles of a run and what it booted. */
export const explainInput = (name: string): ExplainInput => {
  const found = fs.statSync(name, { throwIfNoEntry: false })
  if (found !== undefined && !found.isDirectory())
    return { logs: [readLog(path.resolve(name))], booted: [], notes: [] }
  if (found === undefined && /[/.]/.test(name))
    throw wrong(`Expected a log file or a run at ${name}; there is nothing.`)
  const folder = findRun(name)
  const consoles = namesIn(folder).filter((it) => it.endsWith('.out'))
  if (consoles.length === 0)
    throw noRun(`Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`)
  const logs = consoles.toSorted().map((it) => readLog(path.join(folder, it)))
  return { logs, ...bootedBy(folder) }
}

/** Reads a log file. */
export const readLog = (file: string): Log => {
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
const bootedBy = (folder: string): Omit<ExplainInput, 'logs'> => {
  const verdict = verdictIn(folder)
  const booted: ImageFile[] = []
  const notes: string[] = []
  for (const { role, path: file, sha256 } of verdict?.images ?? []) {
    const bytes = contentOf(file)
    const isSame =
      bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256
    if (isSame)
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

const verdictIn = (folder: string): Pick<Verdict, 'images'> | undefined => {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'verdict.json'), 'utf8')) as Verdict
  } catch {
    return undefined
  }
}

const contentOf = (file: string): Buffer | undefined => {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
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
