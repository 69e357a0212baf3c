import fs from 'node:fs'
import path from 'node:path'
import { openRegularFile, readBytes } from '../../host/read-regular-file.ts'
import { recordingName } from './command-line.ts'

/**
 * Returns whether QEMU has ended a run's recording: its first bytes are written last, where zeros were (replay/replay.c).
 *
 * @throws {BootstandError} (culprit: usage) when it is no regular file.
 */
export const wasRecordingEnded = (runFolder: string): boolean => {
  const file = path.join(runFolder, recordingName)
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return false
  const { descriptor } = openRegularFile(file, { what: 'a recording', limit: Infinity })
  try {
    return readBytes(descriptor, 0, 4).some((byte) => byte !== 0)
  } finally {
    fs.closeSync(descriptor)
  }
}
