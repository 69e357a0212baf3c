import fs from 'node:fs'
import { deadlines, withDeadline } from '../core/deadline.ts'

/** A file beside the verdict, written while a boot goes on, which a full disk must not end. */
export const evidenceFile = (path: string): fs.WriteStream => {
  const file = fs.createWriteStream(path)
  file.on('error', () => {})
  return file
}

/** Ends such a file. Settles when all of it is written, or will not be: a disk that hangs holds nobody up. */
export const endEvidence = async (file: fs.WriteStream): Promise<void> => {
  const written = new Promise<void>((resolve) => {
    file.end(() => resolve())
  })
  await withDeadline(written, deadlines.evidence, () => new Error('late')).catch(() => {})
}
