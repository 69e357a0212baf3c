import fs from 'node:fs'
import { shortPath } from '../host/paths.ts'
import { openRegularFile, readBytes } from '../host/read-regular-file.ts'

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
 * @throws {BootstandError} `BOOTSTAND_FILE` (culprit: usage) when it is no regular file that can be read.
 */
export const readLog = (file: string): Log => {
  const { descriptor, size } = openRegularFile(file, { what: 'a log', limit: Infinity })
  try {
    const from = Math.max(0, size - longestLog)
    const text = readBytes(descriptor, from, size - from).toString('latin1')
    const note = `Only the last 64 MiB of ${shortPath(file)} were read; lines count from there.`
    return { path: file, text, notes: from === 0 ? [] : [note] }
  } finally {
    fs.closeSync(descriptor)
  }
}
