import fs from 'node:fs/promises'
import path from 'node:path'
import { processState } from '../../host/processes.ts'
import { explainingDisk, namesIn } from '../../host/run-folder.ts'

/** Its name holds the id of the process whose it is, so that whoever was killed need not say so. */
const replayName = /^replay-(?<id>\d+)-/

/**
 * Replays into a folder of its own in a run's. It stays, until the next replay of that run: another may go on meanwhile, which
 * somebody looks at in gdb.
 *
 * @throws {BootstandError} when the run's folder cannot be written.
 */
export const newReplayFolder = async (runFolder: string): Promise<string> =>
  await explainingDisk(runFolder, async () => {
    for (const name of namesIn(runFolder)) {
      const id = replayName.exec(name)?.groups?.['id']
      if (id === undefined || processState(Number(id)) !== undefined) continue
      await fs.rm(path.join(runFolder, name), { recursive: true, force: true })
    }
    return await fs.mkdtemp(path.join(runFolder, `replay-${process.pid}-`))
  })
