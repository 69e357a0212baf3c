import fs from 'node:fs'
import path from 'node:path'
import { systemCode } from '../core/errors.ts'
import { processState } from '../host/processes.ts'
import { explainingDisk } from '../host/run-folder.ts'

/**
 * Replays into `replay/` of a run, or into `replay-2/` and so on while another replay has that: who looks at one in gdb may
 * want to see what was before.
 *
 * @throws {BootstandError} when the run's folder cannot be written.
 */
export const inReplayFolder = async (
  runFolder: string,
  action: (folder: string) => Promise<void>,
): Promise<void> => {
  let number = 1
  await explainingDisk(runFolder, async () => {
    while (!takes(runFolder, number)) number++
  })
  try {
    await action(nameOf(runFolder, number))
  } finally {
    fs.rmSync(ownerOf(runFolder, number), { force: true })
  }
}

const nameOf = (runFolder: string, number: number): string =>
  path.join(runFolder, number === 1 ? 'replay' : `replay-${number}`)

/** A file that holds the number of the process whose folder it is. */
const ownerOf = (runFolder: string, number: number): string => `${nameOf(runFolder, number)}.pid`

const takes = (runFolder: string, number: number): boolean => {
  const owner = ownerOf(runFolder, number)
  const write = (flag: 'wx' | 'w') => fs.writeFileSync(owner, String(process.pid), { flag })
  try {
    write('wx')
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    if (processState(Number(contentOf(owner))) !== undefined) return false
    // It was killed.
    write('w')
  }
  return true
}

const contentOf = (file: string): string => {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    // It has just ended.
    return ''
  }
}
