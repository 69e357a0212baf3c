import fs from 'node:fs'
import path from 'node:path'
import { recordingName } from './command-line.ts'

/** Whether QEMU has ended a run's recording: what it begins with is written last, where zeros were (replay/replay.c). */
export const wasRecordingEnded = (runFolder: string): boolean => {
  const version = Buffer.alloc(4)
  try {
    const file = fs.openSync(path.join(runFolder, recordingName), 'r')
    try {
      fs.readSync(file, version)
    } finally {
      fs.closeSync(file)
    }
  } catch {
    return false
  }
  return version.some((byte) => byte !== 0)
}
