import fs from 'node:fs'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import type { ImageFile } from '../diagnosis/address-map.ts'
import type { FindingContext } from '../diagnosis/compared-findings.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { readLog, type Log } from '../evidence/read-log.ts'
import { contentOf, runInput } from '../evidence/run-input.ts'
import { findRun } from '../evidence/find-run.ts'

/** What a word on the command line means. */
export interface ExplainInput {
  readonly logs: readonly Log[]
  /** The files that a run is known to have booted. */
  readonly booted: readonly ImageFile[]
  /** What is known of the run beside its logs. */
  readonly run: FindingContext
  readonly notes: readonly string[]
}

/** Reads a log file, or the consoles of a run and what it booted. */
export const explainInput = async (name: string): Promise<ExplainInput> => {
  const found = fs.statSync(name, { throwIfNoEntry: false })
  if (found !== undefined && !found.isDirectory())
    return { logs: [readLog(path.resolve(name))], booted: [], run: {}, notes: [] }
  if (found === undefined && /[/.]/.test(name))
    throw wrong(`Expected a log file or a run at ${name}; there is nothing.`)
  return await runInput(findRun(name))
}

/** The ELF files of a directory, and those that were named. */
export const givenImages = (
  directory: string | undefined,
  named: readonly string[],
): readonly ImageFile[] => {
  const listed = directory === undefined ? [] : elfFilesIn(directory)
  const files = named.map((file): ImageFile => {
    const bytes = readRegularFile(file, { what: 'an ELF file' })
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
