import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import { projectRoot } from './paths.ts'
import { processState } from './processes.ts'
import { readRegularFile } from './read-regular-file.ts'

/**
 * Makes a folder for one boot, `runs/<time>-<name>-<random>`. Runs never share one.
 *
 * @param name What is booted; made fit for a file name.
 */
export const makeRunFolder = async (name: string): Promise<string> => {
  const parent = runsFolder()
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const slug = name.replaceAll(/[^\w.-]+/g, '-').slice(0, 60)
  const folder = path.join(parent, `${time}-${slug}-${randomBytes(3).toString('hex')}`)
  return await explainingDisk(folder, async () => {
    await makeFolder(parent)
    // Consoles and media are copies of private files.
    await fs.mkdir(folder, { mode: 0o700 })
    return folder
  })
}

/** In a run's folder until it has a verdict: id and beginning of the process that runs it. */
const markName = 'running'

/** Says in a run folder that this process runs its boot. */
export const markAsRunning = async (folder: string): Promise<void> => {
  const { began } = processState(process.pid)!
  await fs.writeFile(path.join(folder, markName), `${process.pid} ${began}\n`)
}

/** Says in a run folder that its boot is over. */
export const markAsOver = async (folder: string): Promise<void> => {
  await fs.rm(path.join(folder, markName), { force: true })
}

/** Whether somebody runs the boot of a run folder. A process that was killed cannot say that it is over. */
export const isRunning = (folder: string): boolean => {
  try {
    const [id, began] = readRegularFile(path.join(folder, markName), { limit: 4096 })
      .toString('latin1')
      .trim()
      .split(' ')
    const runner = processState(Number(id))
    return runner !== undefined && runner.began === began && runner.state !== 'Z'
  } catch {
    return false
  }
}

/** Where run folders are made. */
export const runsFolder = (): string => {
  const wanted = process.env['BOOTSTAND_RUNS']
  // Set but empty means unset, as for most variables of the shell.
  return path.resolve(wanted ? wanted : path.join(projectRoot(), 'runs'))
}

/** Names in a folder; none if it cannot be read. */
export const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Roles of the consoles that a run folder holds, in the order of their names. */
export const rolesIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((it) => it.endsWith('.out'))
    .map((it) => path.basename(it, '.out'))
    .toSorted()

/** Node's own recursive mkdir never ends where a folder cannot be made at all, such as below /proc. */
const makeFolder = async (folder: string): Promise<void> => {
  const parent = path.dirname(folder)
  if (!existsSync(parent)) await makeFolder(parent)
  await fs.mkdir(folder).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error
  })
}

/** Runs `action`, and says in a sentence what is wrong when the disk refuses it. */
export const explainingDisk = async <T>(
  folder: string,
  action: () => Promise<T>,
  what: keyof typeof diskAdvice = 'run folder',
): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    const reason = diskProblems[systemCode(error) ?? '']
    if (reason === undefined) throw error
    throw new BootstandError(
      'BOOTSTAND_RUN_FOLDER',
      'host',
      `Cannot write the ${what} ${folder}: ${reason}. ${diskAdvice[what]}`,
      { cause: error },
    )
  }
}

const diskAdvice = {
  'run folder': 'Make room, or name another place with BOOTSTAND_RUNS=DIR.',
  checkpoint: 'Make room, or empty the folder that it is in.',
} as const

const diskProblems: Record<string, string> = {
  ENOENT: 'no folder can be made there',
  EPERM: 'permission is denied',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  EISDIR: 'a file of it is a directory',
  ENAMETOOLONG: 'the path is too long',
}
