import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { printable } from '../../core/printable.ts'
import { isElfDefect, parseElf, type Segment } from '../../formats/elf.ts'
import { shortPath } from '../../host/paths.ts'
import { shellLine, watchFiles } from '../../target/qemu/command-line.ts'
import type { Replayer } from '../../target/qemu/replayer.ts'
import type { RunImage } from '../../boot/run-images.ts'
import { say } from '../print.ts'
import { onceSignalled } from '../signals.ts'

/** What gdb is to do first, in the replay's folder. */
const commandsName = 'gdb.commands'

/** Words of gdb's command line: no file of the user's or of the replay's folder is executed but ours. */
const gdbWords = ['-nx', '-x', commandsName] as const

/** Where the booted files are for gdb, in the replay's folder, by names of our own. */
const symbolsName = 'symbols'

/** A replay that stands still, for gdb. */
export interface GdbOffer {
  readonly replayer: Replayer
  /** The replay's. */
  readonly folder: string
  /** What was booted. */
  readonly images: readonly RunImage[]
  /** The names of those in which it may stand. */
  readonly at: readonly string[]
  /** Directories in which sources may be whose names are relative. */
  readonly sources: readonly string[]
  /** Whether a person sits at the terminal. */
  readonly isInteractive: boolean
}

/** Starts gdb for a person, or tells how it is started; waits until gdb, or the user, has ended it. */
export const handOver = async (offer: GdbOffer): Promise<void> => {
  const { replayer, folder, isInteractive } = offer
  await fs.writeFile(path.join(folder, commandsName), await gdbCommands(offer))
  await replayer.listenToGdb()
  let isRunning = isInteractive
  // Ctrl-C in gdb stops the guest.
  const signalled = onceSignalled({ interrupts: () => isRunning })
  const ends = [signalled.signal, replayer.exited]
  if (isInteractive && (await gdbEnds(folder, ends))) return signalled.dispose()
  isRunning = false
  say(
    `It waits for gdb, until Ctrl-C:\n  ${shellLine(['cd', shortPath(folder)])} && gdb ${gdbWords.join(' ')}\nThere gdb goes forwards only; for what was before: --back.`,
  )
  await Promise.race(ends)
  signalled.dispose()
}

/** Whether there is a gdb; waits until it is over. */
const gdbEnds = async (folder: string, ends: readonly Promise<unknown>[]): Promise<boolean> => {
  const gdb = execa('gdb', gdbWords, { cwd: folder, stdio: 'inherit', reject: false })
  const result = await Promise.race([gdb, ...ends.map((it) => it.then(() => undefined))])
  gdb.kill()
  return result?.code !== 'ENOENT'
}

/**
 * Writes the files that were booted for gdb, and the commands that read them: of files that are linked to one place, the one
 * in which the guest stopped, else the first. The run may be another user's: nothing of it becomes a part of a command, and gdb
 * runs no script that an ELF file holds or names.
 */
const gdbCommands = async ({ folder, images, at, sources }: GdbOffer): Promise<string> => {
  const taken: { readonly file: string; readonly segments: readonly Segment[] }[] = []
  const directories = sources
    .filter((it) => printable(it) === it && !/[\n\t]/.test(it))
    .map((it) => `directory ${quoted(it)}`)
  const lines = ['set auto-load off', 'set confirm off', ...directories]
  await fs.mkdir(path.join(folder, symbolsName), { recursive: true })
  const here = ({ name }: RunImage) => Number(at.includes(name))
  for (const { name, found } of images.toSorted((a, b) => here(b) - here(a))) {
    const elf = parseElf(found?.bytes ?? Buffer.alloc(0))
    if (found === undefined || isElfDefect(elf) || elf.segments.length === 0) continue
    const other = taken.find(({ segments }) => overlap(segments, elf.segments))
    const file = `${symbolsName}/${taken.length + 1}-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 100)}`
    await fs.writeFile(path.join(folder, file), found.bytes)
    const command = `add-symbol-file ${file}`
    if (other === undefined) lines.push(command)
    else lines.push(`# At the place of ${other.file}: ${command}`)
    taken.push({ file, segments: other === undefined ? elf.segments : [] })
  }
  return [...lines, 'set confirm on', `target remote ${watchFiles.gdb}`, ''].join('\n')
}

const quoted = (file: string): string => `"${file.replaceAll(/["\\]/g, String.raw`\$&`)}"`

const overlap = (some: readonly Segment[], others: readonly Segment[]): boolean =>
  some.some((a) =>
    others.some(
      (b) => a.virtual < b.virtual + b.memorySize && b.virtual < a.virtual + a.memorySize,
    ),
  )
