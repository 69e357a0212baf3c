import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { BootstandError, systemCode } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { toolPath } from '../../host/tools.ts'
import { locksFolder } from './locks-folder.ts'

const line = z.string().transform((text) => printable(text.replaceAll(/\s+/g, ' ')).slice(0, 200))

/** What a lock's file says. Any user may have written it. */
const holder = z.object({
  user: line,
  process: z.int().min(0),
  /** What for, such as `bootstand run pingpong`. */
  purpose: line,
  /** ISO 8601, UTC. */
  since: z.iso.datetime(),
})

/** Who has a board. */
export type Holder = Readonly<z.infer<typeof holder>>

/** A board that is ours until it is released, or this process ends. */
export interface Lock {
  release(): Promise<void>
}

/** Exit status of flock(1) when another process has the lock. */
const heldStatus = 75

/** Bytes of a lock's file that are read. */
const longestHolder = 4_096

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants

/**
 * Opens a board's lock file, and makes it where there is none. In a folder of several users the file may be another
 * user's: it is opened before it is checked, so that what is checked is what is used, and it must be a regular file
 * without another name.
 */
const openLock = (board: string): { readonly descriptor: number; readonly file: string } => {
  const file = path.join(locksFolder(), `bootstand-${board}.lock`)
  const open = (flags: number) => fs.openSync(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK | flags, 0o666)
  let descriptor: number | undefined
  try {
    // Without O_CREAT: fs.protected_regular forbids it with another user's file (proc_sys_fs(5)).
    descriptor = orUndefined('ENOENT', () => open(0))
    if (descriptor === undefined) {
      descriptor = orUndefined('EEXIST', () => open(O_CREAT | O_EXCL))
      // The umask would keep other users from locking it.
      if (descriptor !== undefined) fs.fchmodSync(descriptor, 0o666)
      descriptor ??= open(0)
    }
    const stat = fs.fstatSync(descriptor)
    if (stat.isFile() && stat.nlink === 1) return { descriptor, file }
  } catch (error) {
    if (descriptor !== undefined) fs.closeSync(descriptor)
    const code = systemCode(error)
    if (code !== 'ELOOP' && code !== 'ENXIO')
      throw lockError(`The lock of board ${board}, ${file}, cannot be opened (${code}).`)
    descriptor = undefined
  }
  if (descriptor !== undefined) fs.closeSync(descriptor)
  throw lockError(
    `Expected the lock of board ${board}, ${file}, to be a regular file with one name; found a link or something else. Remove it, or name another folder in BOOTSTAND_LOCKS.`,
  )
}

const orUndefined = <T>(code: string, run: () => T): T | undefined => {
  try {
    return run()
  } catch (error) {
    if (systemCode(error) === code) return undefined
    throw error
  }
}

/**
 * Takes flock(2)'s lock of an open file, which belongs to this process as long as the file is open: a child that shares
 * it takes the lock, and ends.
 */
const flock = async (descriptor: number, file: string, ...options: string[]): Promise<boolean> => {
  const words = [...options, '--nonblock', '--conflict-exit-code', `${heldStatus}`, '3']
  // execa hands no open file on.
  const child = spawn(await toolPath('flock'), words, {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  if (exitCode === 0) return true
  if (exitCode === heldStatus) return false
  throw lockError(`The lock ${file} cannot be taken: flock failed (${exitCode}).`)
}

/**
 * Takes a board's lock if it is free. The system releases it when this process ends, however it does, so that no
 * crashed run keeps a board.
 *
 * @returns nothing when another process has it.
 */
export const tryLock = async (board: string, purpose: string): Promise<Lock | undefined> => {
  const { descriptor, file } = openLock(board)
  try {
    if (!(await flock(descriptor, file, '--exclusive'))) {
      fs.closeSync(descriptor)
      return undefined
    }
    const since = new Date().toISOString()
    const own: Holder = { user: os.userInfo().username, process: process.pid, purpose, since }
    fs.ftruncateSync(descriptor)
    fs.writeSync(descriptor, `${JSON.stringify(own)}\n`, 0)
  } catch (error) {
    fs.closeSync(descriptor)
    if (error instanceof BootstandError) throw error
    throw lockError(
      `The lock of board ${board}, ${file}, cannot be written (${systemCode(error)}).`,
    )
  }
  let isOurs = true
  return {
    release: async () => {
      if (!isOurs) return
      isOurs = false
      fs.closeSync(descriptor)
    },
  }
}

/** Who has a board; nothing where it is free. */
export const holderOf = async (board: string): Promise<Holder | undefined> => {
  const { descriptor, file } = openLock(board)
  try {
    if (await flock(descriptor, file, '--shared')) return undefined
    const bytes = Buffer.alloc(longestHolder)
    const count = fs.readSync(descriptor, bytes, 0, longestHolder, 0)
    return holder.parse(JSON.parse(bytes.toString('utf8', 0, count)))
  } catch (error) {
    if (error instanceof BootstandError) throw error
    // Taken a moment ago, or not by us.
    return { user: 'a user', process: 0, purpose: 'a run', since: new Date().toISOString() }
  } finally {
    fs.closeSync(descriptor)
  }
}

const lockError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_BOARD_LOCK', 'host', message)
