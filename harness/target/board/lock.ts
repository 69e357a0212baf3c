import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError, systemCode } from '../../core/errors.ts'
import { toolPath } from '../../host/tools.ts'

/** Who has a board. */
export interface Holder {
  readonly user: string
  readonly process: number
  /** What for, such as `bootstand run pingpong`. */
  readonly purpose: string
  /** ISO 8601, UTC. */
  readonly since: string
}

/** A board that is ours until it is released, or this process ends. */
export interface Lock {
  release(): Promise<void>
}

/** What flock(1) ends with when somebody else has the lock. */
const heldStatus = 75

/** Where this machine's users keep their locks; its own boards are all that it knows of. */
const locksFolder = (): string =>
  process.env['BOOTSTAND_LOCKS'] ?? path.join(os.tmpdir(), 'bootstand-boards')

const lockFile = async (board: string): Promise<string> => {
  const folder = locksFolder()
  const file = path.join(folder, `${board}.lock`)
  try {
    await fs.mkdir(folder, { recursive: true })
    // Whoever makes them first, everybody shares them.
    await fs.chmod(folder, 0o1777).catch(() => {})
    await makeShared(file)
  } catch (error) {
    throw lockError(`The lock of board ${board}, ${file}, cannot be made (${systemCode(error)}).`)
  }
  return file
}

/**
 * Makes a file that everybody may write. One that is there is never opened so that it would be made: in a folder of
 * everybody's, fs.protected_regular lets nobody do that with another user's file (Debian sets it; proc_sys_fs(5)).
 */
const makeShared = async (file: string): Promise<void> => {
  try {
    await (await fs.open(file, 'r+')).close()
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await (await fs.open(file, 'a')).close()
    await fs.chmod(file, 0o666).catch(() => {})
  }
}

/** Replaces what a file holds that is there. */
const flag = fs.constants.O_WRONLY | fs.constants.O_TRUNC

/**
 * Words for a shell that takes a lock if nobody has it, else ends with `heldStatus`. The shell opens the file, since
 * flock(1) would make it.
 *
 * @param then What the shell does with the lock.
 */
const locking = async (file: string, then = ''): Promise<string[]> => {
  const take = `exec 9<"$0" && "$1" --nonblock --conflict-exit-code ${heldStatus} 9`
  return ['-c', `${take} ${then}`, file, await toolPath('flock')]
}

/**
 * Takes a board's lock if nobody has it. The system gives it back when this process ends, however it does, so
 * that no crashed run keeps a board: a child has it, which ends with our end of a pipe.
 *
 * @returns nothing when somebody has it.
 */
export const tryLock = async (board: string, purpose: string): Promise<Lock | undefined> => {
  const file = await lockFile(board)
  const child = execa('/bin/sh', await locking(file, '&& echo held && exec cat'), {
    ...{ stdin: 'pipe', reject: false, buffer: false },
    // A Ctrl-C is for the harness, which gives the board back in order.
    detached: true,
  })
  child.stdin.on('error', () => {})
  const held = new Promise<true>((resolve) => {
    child.stdout.once('data', () => resolve(true))
  })
  const outcome = await Promise.race([held, child])
  if (outcome !== true) {
    if (outcome.exitCode === heldStatus) return undefined
    throw lockError(`The lock of board ${board}, ${file}, cannot be taken: flock failed.`)
  }
  const since = new Date().toISOString()
  const holder: Holder = { user: os.userInfo().username, process: process.pid, purpose, since }
  const release = async () => {
    child.stdin.end()
    await child
  }
  try {
    await fs.writeFile(file, `${JSON.stringify(holder)}\n`, { flag })
  } catch (error) {
    await release()
    throw lockError(
      `The lock of board ${board}, ${file}, cannot be written (${systemCode(error)}).`,
    )
  }
  return {
    release: async () => {
      // Of a lock that nobody has, nobody reads it.
      await fs.writeFile(file, '', { flag }).catch(() => {})
      await release()
    },
  }
}

/** Who has a board, if anybody has. */
export const holderOf = async (board: string): Promise<Holder | undefined> => {
  const file = await lockFile(board)
  const { exitCode } = await execa('/bin/sh', await locking(file), {
    reject: false,
    stdin: 'ignore',
  })
  if (exitCode !== heldStatus) return undefined
  try {
    return JSON.parse(await fs.readFile(file, 'utf8')) as Holder
  } catch {
    // Taken a moment ago.
    return { user: 'somebody', process: 0, purpose: 'a run', since: new Date().toISOString() }
  }
}

const lockError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BOARD_LOCK', 'host', message)
