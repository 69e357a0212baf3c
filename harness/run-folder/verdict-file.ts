import fs from 'node:fs'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { placeBytes } from '../host/place-file.ts'
import { explainingDisk } from '../host/run-folder.ts'
import { jsonFileText, readJsonFile, type JsonFile } from './json-file.ts'
import { verdict, verdictVersion, type Verdict } from './verdict.ts'

/** Name of the verdict's file in its run folder. */
export const verdictName = 'verdict.json'

const verdictFile: JsonFile<Verdict> = {
  what: 'a verdict',
  version: verdictVersion,
  schema: verdict,
}

/** Returns whether a run folder has a verdict, readable or not. */
export const hasVerdict = (folder: string): boolean =>
  fs.lstatSync(path.join(folder, verdictName), { throwIfNoEntry: false }) !== undefined

/**
 * Reads a run's verdict; nothing where the run continues or was killed.
 *
 * @returns the checked verdict. Its `runFolder` is the folder that was read, wherever the run was made.
 * @throws {BootstandError} `BOOTSTAND_RUN_FILE` or `BOOTSTAND_FILE` (culprit: usage) when the file is damaged.
 */
export const readVerdict = (folder: string): Verdict | undefined =>
  hasVerdict(folder)
    ? {
        ...readJsonFile(verdictFile, path.join(folder, verdictName)),
        runFolder: path.resolve(folder),
      }
    : undefined

/** Reads a run's verdict while one among many is looked for: a damaged one counts as none. */
export const readVerdictIfIntact = (folder: string): Verdict | undefined => {
  try {
    return readVerdict(folder)
  } catch (error) {
    if (error instanceof BootstandError && error.culprit === 'usage') return undefined
    throw error
  }
}

/**
 * Writes a verdict into its run's folder, whole or not at all.
 *
 * @throws {BootstandError} when the disk is full or rejects it.
 */
export const writeVerdict = async (content: Verdict): Promise<void> => {
  const { runFolder } = content
  const bytes = Buffer.from(jsonFileText(verdictFile, content))
  await explainingDisk(runFolder, async () => {
    await placeBytes(path.join(runFolder, verdictName), bytes)
  })
}
