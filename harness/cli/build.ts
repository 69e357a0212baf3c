import fs from 'node:fs/promises'
import { interactiveLineOf } from '../boot/by-hand.ts'
import { prepareBoot } from '../boot/prepare.ts'
import { sha256OfFile } from '../host/hash.ts'
import { fileToWrite } from '../host/output-file.ts'
import { writeError } from '../host/place-file.ts'
import { temporaryFolder } from '../host/temporary-folder.ts'
import { usageError, typedChoice } from '../core/typed.ts'
import { printResult } from './print.ts'
import { attach } from '../media/finished.ts'
import { fileSystems, type BootMethod, type FileSystem } from '../media/medium.ts'
import { shellLine } from '../target/qemu/command-line.ts'
import { findScenario } from './catalogue.ts'
import type { BuildFlags } from './flags.ts'
import { guestsFor } from './guests.ts'

/** `bootstand build`: a boot medium as a file, for use elsewhere. */
export const build = async (name: string, flags: BuildFlags): Promise<void> => {
  const medium = parseMedium(flags.medium)
  const fileSystem = parseFileSystem(flags.fs, medium)
  const output = await fileToWrite(flags.output, '-o FILE')
  const { scenario } = await findScenario(name)
  const { directory, label } = await guestsFor(flags.images, scenario)
  await using work = await temporaryFolder()
  const waits = flags.waits === true
  const options = { images: directory, method: medium, folder: work.path, fileSystem, waits }
  const prepared = await prepareBoot(scenario, options)
  await copy(prepared.medium.image!, output)
  const line = interactiveLineOf(scenario, attach[medium](output))
  const built = { file: output, ...(await measure(output)), notes: prepared.medium.notes, line }
  printResult(flags, built, () => [
    `${output}  ${built.size} bytes (${label})`,
    `sha256 ${built.sha256}`,
    ...built.notes,
    `${usage[medium]}: ${commands[medium](output)}`,
    `In an emulator: ${line}`,
  ])
}

/** What can be written to a file, and how it gets from there to where a PC boots it. */
type WritableMedium = Exclude<BootMethod, 'direct' | 'network'>

const usage: Record<WritableMedium, string> = {
  iso: 'To a CD',
  floppy: 'To a floppy',
  disk: 'To a USB stick or disk, all of which it overwrites',
}

const commands: Record<WritableMedium, (file: string) => string> = {
  iso: (file) => `xorriso -as cdrecord -v dev=/dev/sr0 ${shellLine([file])}`,
  floppy: (file) => `sudo dd ${shellLine([`if=${file}`])} of=/dev/fd0 bs=18k conv=fsync`,
  disk: (file) => `sudo dd ${shellLine([`if=${file}`])} of=/dev/sdX bs=1M conv=fsync`,
}

const notWritable: Record<string, string> = {
  direct: 'it has no medium: QEMU itself puts the files into memory',
  network: 'it is a DHCP and a TFTP server; build a disk for a server of your own',
}

const parseMedium = (name: string): WritableMedium => {
  const reason = notWritable[name]
  if (reason !== undefined) {
    throw usageError(
      `"${name}" cannot be written to a file: ${reason}. Expected iso, floppy or disk.`,
    )
  }
  const media = Object.keys(usage) as WritableMedium[]
  return typedChoice('medium', name, media)
}

const parseFileSystem = (name: string | undefined, medium: BootMethod): FileSystem | undefined => {
  if (name === undefined) return undefined
  if (medium !== 'disk') throw usageError(`--fs goes with --medium disk, not ${medium}.`)
  return typedChoice('file system', name, fileSystems)
}

const copy = async (from: string, to: string): Promise<void> => {
  await fs.copyFile(from, to).catch((error: unknown) => {
    throw writeError(to, error, 'Name another place with -o FILE.')
  })
}

const measure = async (file: string): Promise<{ size: number; sha256: string }> => {
  return { size: (await fs.stat(file)).size, sha256: await sha256OfFile(file) }
}
