import type { z } from 'zod'
import { BootstandError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { shortPath } from '../host/paths.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { damagedFile, problemOf, shownValue } from './problem.ts'

/** Bytes. A larger JSON file is rejected. */
const largestJson = 16 * 2 ** 20

/** A kind of JSON file of a run folder. */
export interface JsonFile<T> {
  /** What the file is, for messages: `a verdict`. */
  readonly what: string
  /** The version that this Bootstand writes and reads. */
  readonly version: number
  readonly schema: z.ZodType<T>
}

/** The text of such a file, with its version first. */
export const jsonFileText = <T extends object>({ version }: JsonFile<T>, content: T): string =>
  `${JSON.stringify({ schemaVersion: version, ...content }, null, 2)}\n`

/**
 * Reads and checks a JSON file of a run folder.
 *
 * @throws {BootstandError} `BOOTSTAND_RUN_FILE` or `BOOTSTAND_FILE` (culprit: usage) with the file, the field, what was
 *   expected and what was found.
 */
export const readJsonFile = <T>({ what, version, schema }: JsonFile<T>, file: string): T => {
  const text = readRegularFile(file, { what, limit: largestJson }).toString('utf8')
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    throw damagedFile(file, `expected ${what} in JSON (${printable((error as Error).message)})`)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw damagedFile(file, `expected ${what} as a JSON object, found ${shownValue(read)}`)
  const { schemaVersion, ...content } = read as Record<string, unknown>
  if (Number.isInteger(schemaVersion) && Number(schemaVersion) > version)
    throw new BootstandError(
      'BOOTSTAND_RUN_FILE',
      'usage',
      `Expected version ${version} of ${what} at ${shortPath(file)}, found version ${String(schemaVersion)}: it was written by a newer Bootstand. Read it with that one.`,
    )
  if (schemaVersion !== version)
    throw damagedFile(file, `expected schemaVersion ${version}, found ${shownValue(schemaVersion)}`)
  const result = schema.safeParse(content)
  if (result.success) return result.data
  throw damagedFile(file, problemOf(result.error, content))
}
