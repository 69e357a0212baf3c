import fs from 'node:fs/promises'
import path from 'node:path'
import { sha256OfFile } from '../host/hash.ts'
import { grubProfile } from '../kernel/grub.ts'
import { openFinishedDisk, type FinishedDisk } from '../media/finished.ts'
import { consoleRoles } from './scenario.ts'
import { bootIn, type WatchOptions } from './start.ts'
import type { Target } from './target.ts'
import type { VerdictImage } from './verdict.ts'

/** How a finished disk is booted. */
export interface DiskBootOptions<Role extends string = 'com1'> extends WatchOptions {
  /** Mebibytes of memory; 64 by default. */
  readonly memory?: number
  /** How many processors the machine has, 1 to 255; 1 by default. */
  readonly processors?: number
  /** Names of the serial ports, COM1's first; only `com1` by default. */
  readonly consoles?: readonly Role[]
  /** Name of port 0xe9, if the guest prints there. */
  readonly debugPort?: Role
}

/** Larger ones are not read as a whole just to know their hash. */
const largestHashed = 256 * 1024 * 1024

/**
 * Boots a disk, floppy or ISO image as it is. The file is never written.
 *
 * Nothing is known of what is on it, so only GRUB's own errors end a wait.
 *
 * @throws {BootstandError} when the file is no such image.
 */
export const bootDisk = async <const Role extends string = 'com1'>(
  file: string,
  options: DiskBootOptions<Role> = {},
): Promise<Target<Role>> => {
  const consoles = consoleRoles('bootDisk', options, ['com1'] as Role[])
  const disk = await openFinishedDisk(file)
  const name = path.basename(file)
  const machine = { memory: options.memory ?? 64, processors: options.processors }
  const prepare = async (folder: string) => {
    const workingDirectory = path.join(folder, 'medium')
    await fs.mkdir(workingDirectory)
    const medium = { qemuArguments: disk.qemuArguments, workingDirectory, notes: [] }
    return {
      name,
      guests: disk.path,
      method: disk.kind,
      machine,
      consoles,
      profile: grubProfile,
      medium,
      images: [await describeDisk(disk)],
    }
  }
  return await bootIn({ name, machine }, prepare, options)
}

const describeDisk = async ({ kind, path: file, size }: FinishedDisk): Promise<VerdictImage> => {
  const base = { role: kind, path: file, size, arguments: '' }
  if (size > largestHashed) return base
  return { ...base, sha256: await sha256OfFile(file) }
}
