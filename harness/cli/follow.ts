import fs from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openRegularFile, readBytes } from '../host/read-regular-file.ts'

/** A file that grows. */
export interface FollowedFile {
  /** What it is called when it is shown. */
  readonly role: string
  readonly path: string
  /** Byte offset at which to begin. */
  readonly from?: number
}

/** Who is told what files say. */
export interface FollowEvents {
  /** The next piece is read when it has settled. */
  readonly onBytes: (role: string, bytes: Buffer) => Promise<void>
  /** A file has not grown for a moment. */
  readonly onQuiet: (role: string) => void
}

/** How often files are looked at, and whether more can come; how long one that does not grow is quiet, in milliseconds. */
const interval = 10
const endInterval = 100
const moment = 50
const pieceSize = 65_536

/**
 * Follows files until they are read to their ends and nothing more can be written.
 *
 * @throws {BootstandError} (culprit: usage) when one of them is no regular file.
 */
export const follow = async (
  files: readonly FollowedFile[],
  isOver: () => boolean,
  { onBytes, onQuiet }: FollowEvents,
  signal: AbortSignal,
): Promise<void> => {
  const offsets = new Map(files.map((it) => [it.path, it.from ?? 0]))
  const grown = new Map<string, number>()
  let asked = -Infinity
  let over = false
  while (!signal.aborted) {
    // Asked before the last look: what came before the end is not missed.
    if (!over && performance.now() - asked >= endInterval) {
      over = isOver()
      asked = performance.now()
    }
    for (const { role, path } of files) {
      const bytes = readPiece(path, offsets.get(path)!)
      offsets.set(path, offsets.get(path)! + bytes.length)
      if (bytes.length > 0) {
        grown.set(path, performance.now())
        await onBytes(role, bytes)
      } else if (performance.now() - (grown.get(path) ?? 0) >= moment) onQuiet(role)
    }
    const isBehind = files.some(({ path }) => sizeOf(path) > offsets.get(path)!)
    if (over && !isBehind) return
    if (!isBehind) await pause(interval, undefined, { signal }).catch(() => {})
  }
}

const sizeOf = (path: string): number => {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    return 0
  }
}

const readPiece = (path: string, offset: number): Buffer => {
  const length = Math.min(pieceSize, sizeOf(path) - offset)
  if (length <= 0) return Buffer.alloc(0)
  const { descriptor } = openRegularFile(path, { what: 'a console', limit: Infinity })
  try {
    return readBytes(descriptor, offset, length)
  } finally {
    fs.closeSync(descriptor)
  }
}
