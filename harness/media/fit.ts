import fs from 'node:fs/promises'
import path from 'node:path'
import type { Image } from '../bootset/images.ts'
import { BootstandError } from '../core/errors.ts'
import { formatSize } from '../core/text.ts'
import { isElfDefect, parseElf } from '../formats/elf.ts'
import { runTool } from '../host/run-tool.ts'
import { blocksOf, readTree } from './tree.ts'

/** What a medium holds, in bytes. */
export interface Room {
  readonly available: number
  readonly blockSize: number
}

/**
 * Takes symbols and debugging information out of staged images, the largest first, until all fit.
 *
 * @returns a sentence for each image that was stripped.
 * @throws {BootstandError} with the sizes when they still do not fit.
 */
export const makeFit = async (
  images: readonly Image[],
  root: string,
  room: Room,
): Promise<string[]> => {
  const largest = images.toSorted((a, b) => b.bytes.length - a.bytes.length)
  const names = new Set(largest.map(({ name }) => name))
  const notes: string[] = []
  for (const name of names) {
    if ((await needed(root, room)) <= room.available) return notes
    // A menu's file may be there as it is stored, zipped.
    if (isElfDefect(parseElf(await fs.readFile(path.join(root, name))))) continue
    const before = await sizeOf(root, name)
    await keepUnstripped(root, name)
    await runTool('strip', ['--strip-all', `./${name}`], { cwd: root })
    const after = await sizeOf(root, name)
    if (after >= before) continue
    notes.push(
      `${name} was stripped to fit on the floppy: ${formatSize(before)} became ${formatSize(after)}.`,
    )
  }
  const bytes = await needed(root, room)
  if (bytes <= room.available) return notes
  throw tooLarge(bytes, room.available, await sizes(root, notes))
}

/** Where the run's folder keeps what was stripped, for the names and lines that it has. */
export const unstrippedFolder = 'unstripped'

const keepUnstripped = async (root: string, name: string): Promise<void> => {
  const kept = path.join(path.dirname(root), unstrippedFolder, name)
  await fs.mkdir(path.dirname(kept), { recursive: true })
  await fs.copyFile(path.join(root, name), kept)
}

const needed = async (root: string, { blockSize }: Room): Promise<number> =>
  blocksOf(await readTree(root), blockSize)

const sizeOf = async (root: string, name: string): Promise<number> =>
  (await fs.stat(path.join(root, name))).size

const sizes = async (root: string, notes: readonly string[]): Promise<string[]> => {
  const { files } = await readTree(root)
  return files
    .toSorted((a, b) => b.size - a.size)
    .map(({ path: name, size }) => {
      const stripped = notes.some((note) => note.startsWith(`${name} was stripped`))
      return `  ${String(size).padStart(9)}  ${name}${stripped ? ' (stripped)' : ''}`
    })
}

const tooLarge = (bytes: number, available: number, files: readonly string[]): BootstandError =>
  new BootstandError(
    'BOOTSTAND_FLOPPY_FULL',
    'bootset',
    `The files do not fit on a 1.44 MB floppy: ${bytes} bytes needed, ${available} available.\n` +
      `${files.join('\n')}\nLeave something out, or boot with --method iso or disk.`,
  )
