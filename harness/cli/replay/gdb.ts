import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { isElfDefect, parseElf, type Segment } from '../../formats/elf.ts'
import { shortPath } from '../../host/paths.ts'
import { shellLine, watchFiles } from '../../target/qemu/command-line.ts'
import type { Replayer } from '../../target/qemu/replayer.ts'
import type { RunImage } from '../../evidence/run-input.ts'
import { say } from '../print.ts'
import { onceSignalled } from '../signals.ts'

/** What gdb is to do first, in the replay's folder. */
const commandsName = 'gdb.commands'

/** A replay that stands still, for gdb. */
export interface GdbOffer {
  readonly replayer: Replayer
  /** The replay's. */
  readonly folder: string
  /** What was booted. */
  readonly images: readonly RunImage[]
  /** The names of those in which it may stand. */
  readonly at: readonly string[]
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
    `It waits for gdb, until Ctrl-C:\n  ${shellLine(['cd', shortPath(folder)])} && gdb -x ${commandsName}\nThere gdb goes forwards only; for what was before: --back.`,
  )
  await Promise.race(ends)
  signalled.dispose()
}

/** Whether there is a gdb; waits until it is over. */
const gdbEnds = async (folder: string, ends: readonly Promise<unknown>[]): Promise<boolean> => {
  const gdb = execa('gdb', ['-x', commandsName], { cwd: folder, stdio: 'inherit', reject: false })
  const result = await Promise.race([gdb, ...ends.map((it) => it.then(() => undefined))])
  gdb.kill()
  return result?.code !== 'ENOENT'
}

/** Names what lies where, and where its sources may be: of files that are linked to one place, the one in which the guest stands, else the first. */
const gdbCommands = async ({ folder, images, at }: GdbOffer): Promise<string> => {
  const taken: { readonly name: string; readonly segments: readonly Segment[] }[] = []
  // What was built with relative names, as the stand-ins are, has its sources there.
  const folders = images.flatMap((it) => [
    path.dirname(it.path),
    path.dirname(path.dirname(it.path)),
  ])
  const sources = [...new Set(folders)].map((it) => `directory ${quoted(it)}`)
  const lines = ['set confirm off', ...sources]
  const here = ({ name }: RunImage) => Number(at.includes(name))
  for (const { name, found } of images.toSorted((a, b) => here(b) - here(a))) {
    const elf = parseElf(found?.bytes ?? Buffer.alloc(0))
    if (found === undefined || isElfDefect(elf) || elf.segments.length === 0) continue
    const other = taken.find(({ segments }) => overlap(segments, elf.segments))
    const isZipped = found.stored !== found.bytes
    const file = isZipped ? path.join(folder, name) : found.path
    // gdb reads no zipped files.
    if (isZipped) await fs.writeFile(file, found.bytes)
    const command = `add-symbol-file ${quoted(file)}`
    if (other === undefined) {
      taken.push({ name, segments: elf.segments })
      lines.push(command)
    } else lines.push(`# Where ${other.name} lies, too: ${command}`)
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
