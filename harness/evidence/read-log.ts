import fs from 'node:fs'
import { BootstandError } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'

/** A log to explain. */
export interface Log {
  readonly path: string
  readonly text: string
  readonly notes: readonly string[]
}

/** Bytes of a log that are read: its last ones. */
const longestLog = 64 * 1024 * 1024

/**
 * Reads a log, one character a byte.
 *
 * @throws {BootstandError} when it cannot be read.
 */
export const readLog = (file: string): Log => {
  try {
    const { size } = fs.statSync(file)
    const from = Math.max(0, size - longestLog)
    const bytes = from === 0 ? fs.readFileSync(file) : tailOf(file, from, size - from)
    const note = `Only the last 64 MiB of ${shortPath(file)} were read; lines count from there.`
    return { path: file, text: bytes.toString('latin1'), notes: from === 0 ? [] : [note] }
  } catch (error) {
    throw new BootstandError(
      'BOOTSTAND_EXPLAIN',
      'usage',
      `Cannot read the log ${shortPath(file)}: ${(error as Error).message}.`,
    )
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
