import { constants, type Stats } from 'node:fs'
import fs from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { systemCode } from '../core/errors.ts'

/** A menu as it was read, one character a byte, or what is wrong, as the rest of a sentence. */
export type ReadMenu =
  | { readonly text: string; readonly isPipe: boolean }
  | { readonly defect: string }

/** Bytes. GRUB itself takes some thirty thousand. */
const largest = 16 * 1024 ** 2

/** Each line costs memory of its own, however short it is. */
const mostLines = 250_000

/**
 * Reads a menu from a file, or from a pipe such as `<(…)`. GRUB reads bytes, whatever they mean.
 *
 * A pipe is never waited for in a system call: Node could not even end itself meanwhile.
 */
export const readMenu = async (file: string): Promise<ReadMenu> => {
  try {
    await fs.access(file, constants.R_OK)
    const stat = await fs.stat(file)
    const isPipe = stat.isFIFO()
    if (!stat.isFile() && !isPipe) return { defect: `found ${kindOf(stat)}` }
    const bytes = isPipe ? await readPipe(file) : await readFile(file, stat)
    if (bytes === undefined) {
      return { defect: `it has more than ${largest / 1024 ** 2} MiB` }
    }
    if (isPipe && bytes.length === 0) return { defect: 'found a pipe from which nothing comes' }
    if (hasMoreLines(bytes, mostLines)) {
      return { defect: `it has more than ${mostLines.toLocaleString('en')} lines` }
    }
    return { text: bytes.toString('latin1'), isPipe }
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return { defect: `found ${await nothingAt(file)}` }
    return { defect: `it cannot be read (${code ?? String(error)})` }
  }
}

const hasMoreLines = (bytes: Buffer, limit: number): boolean => {
  let lines = 1
  for (let at = bytes.indexOf(10); at !== -1 && lines <= limit; at = bytes.indexOf(10, at + 1))
    lines++
  return lines > limit
}

const nothingAt = async (file: string): Promise<string> => {
  const link = await fs.readlink(file).catch(() => undefined)
  return link === undefined ? 'nothing' : `a link to ${link}, where nothing is`
}

/** What a file is that is no regular one. */
export const kindOf = (stat: Stats): string => {
  if (stat.isDirectory()) return 'a directory'
  if (stat.isFIFO()) return 'a pipe'
  return stat.isSocket() ? 'a socket' : 'a device'
}

const readFile = async (file: string, { size }: Stats): Promise<Buffer | undefined> =>
  size > largest ? undefined : await fs.readFile(file)

const readPipe = async (file: string): Promise<Buffer | undefined> => {
  const handle = await fs.open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  const pieces: Buffer[] = []
  let size = 0
  try {
    while (size <= largest) {
      const piece = await readNow(handle)
      if (piece?.length === 0) return Buffer.concat(pieces)
      // To poll: epoll never tells of a pipe whose writer had gone before it was opened.
      if (piece === undefined) await setTimeout(pause)
      else pieces.push(piece)
      size += piece?.length ?? 0
    }
    return undefined
  } finally {
    await handle.close()
  }
}

/** Milliseconds between two looks into a pipe. */
const pause = 10

/** What a pipe has now: nothing yet, or no bytes when nobody will write any more. */
const readNow = async (handle: fs.FileHandle): Promise<Buffer | undefined> => {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, null)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return undefined
    throw error
  }
}
