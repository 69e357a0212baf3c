import fs from 'node:fs'
import { formatSize } from '../core/text.ts'
import { openRegularFile, readBytes, type ReadOptions } from '../host/read-regular-file.ts'
import { damagedFile } from './problem.ts'

/** A line of a file, one character a byte, without its end. */
export interface FileLine {
  readonly text: string
  /** From 1 on. */
  readonly number: number
  /** False for a last line without a newline: its writer may have been killed, or may still write it. */
  readonly isWhole: boolean
}

const pieceSize = 65_536

/** Bytes. No file of a run folder has a longer line: the timed copies are written in pieces of 64 KiB. */
const longestLine = 2 ** 20

/**
 * The lines of a file that was sent by another user, read piece by piece.
 *
 * @throws {BootstandError} as `readRegularFile` does, and for a line that is too long.
 */
export const linesOf = function* (file: string, options: ReadOptions): Generator<FileLine> {
  const { descriptor, size } = openRegularFile(file, options)
  try {
    let unfinished = ''
    let number = 0
    for (let offset = 0; offset < size; offset += pieceSize) {
      const piece = readBytes(descriptor, offset, Math.min(pieceSize, size - offset))
      const texts = `${unfinished}${piece.toString('latin1')}`.split('\n')
      unfinished = texts.pop()!
      for (const text of texts) yield { text, number: ++number, isWhole: true }
      if (unfinished.length > longestLine)
        throw damagedFile(
          file,
          `expected lines of ${formatSize(longestLine)} at the most, found a longer one`,
          number + 1,
        )
    }
    if (unfinished !== '') yield { text: unfinished, number: number + 1, isWhole: false }
  } finally {
    fs.closeSync(descriptor)
  }
}
