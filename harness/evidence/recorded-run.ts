import path from 'node:path'
import { readVerdict } from '../run-folder/verdict-file.ts'
import { runsFolder } from '../host/run-folder.ts'
import { shortPath } from '../host/paths.ts'
import { shellLine } from '../target/qemu/command-line.ts'

/** Where the recording of a run lies: in its own folder, or in that of the run in which its failure was recorded. */
export const recordedRun = (runFolder: string): string =>
  path.join(runFolder, readVerdict(runFolder)?.recorded ?? '.')

/** The command that replays a run, up to what went wrong where that can be found. */
export const replayLine = (runFolder: string): string => {
  const name =
    path.dirname(runFolder) === runsFolder() ? path.basename(runFolder) : shortPath(runFolder)
  const hasStopped = (readVerdict(recordedRun(runFolder))?.stops ?? []).length > 0
  return shellLine(['npx', 'bootstand', 'replay', name, ...(hasStopped ? ['--to', 'fault'] : [])])
}
