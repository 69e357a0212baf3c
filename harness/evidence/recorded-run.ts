import path from 'node:path'
import { readVerdict } from '../run-folder/verdict-file.ts'
import { runsFolder } from '../host/run-folder.ts'
import { shortPath } from '../host/paths.ts'
import { pathInside } from '../host/path-inside.ts'
import { shellLine } from '../target/qemu/command-line.ts'

/**
 * The folder with the recording of a run: its own, or that of the run in which its failure was recorded.
 *
 * @throws {BootstandError} (culprit: usage) when the verdict is damaged, or names a folder outside of the run.
 */
export const recordedRun = (runFolder: string): string => {
  const recorded = readVerdict(runFolder)?.recorded
  return recorded === undefined
    ? runFolder
    : pathInside(runFolder, recorded, { what: 'the recorded run of the verdict' })
}

/** The command that replays a run, up to what went wrong where that can be found. */
export const replayLine = (runFolder: string): string => {
  const name =
    path.dirname(runFolder) === runsFolder() ? path.basename(runFolder) : shortPath(runFolder)
  const hasStopped = (readVerdict(recordedRun(runFolder))?.stops ?? []).length > 0
  return shellLine(['npx', 'bootstand', 'replay', name, ...(hasStopped ? ['--to', 'fault'] : [])])
}
