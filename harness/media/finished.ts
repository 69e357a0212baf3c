import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import { diskKindOf, tellingBytes, type DiskKind } from '../formats/disk-image.ts'
import { diskArguments } from './disk.ts'
import { floppyArguments } from './floppy.ts'
import { isoArguments } from './iso.ts'

/** An image that somebody else has made. */
export interface FinishedDisk {
  readonly kind: DiskKind
  /** Absolute path. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly qemuArguments: readonly string[]
}

/** What QEMU is told about a finished image. */
export const attach: Record<DiskKind, (file: string) => string[]> = {
  iso: isoArguments,
  floppy: floppyArguments,
  // Whatever is on it may look for its own disk after the boot, where PCs have one.
  disk: (file) => diskArguments(file, 'ide'),
}

/**
 * Recognises a disk, ISO or floppy image by its bytes. It is attached so that the file is never
 * written: what the guest writes goes to a throw-away overlay.
 *
 * @throws {BootstandError} when it is nothing that a PC boots from.
 */
export const openFinishedDisk = async (file: string): Promise<FinishedDisk> => {
  const absolute = path.resolve(file)
  const { head, size } = await readHead(absolute).catch((error: unknown) => {
    const code = systemCode(error)
    if (code === undefined) throw error
    const found = code === 'ENOENT' ? 'found nothing' : `it cannot be read (${code})`
    throw wrongFile(`Expected a disk, floppy or ISO image at ${absolute}; ${found}.`)
  })
  const told = diskKindOf(head, size)
  if ('defect' in told) {
    throw wrongFile(`${absolute} ${told.defect}. Expected a raw disk, floppy or ISO image.`)
  }
  return { kind: told.kind, path: absolute, size, qemuArguments: attach[told.kind](absolute) }
}

const readHead = async (file: string): Promise<{ head: Buffer; size: number }> => {
  const handle = await fs.open(file, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tellingBytes), 0, tellingBytes, 0)
    return { head: buffer.subarray(0, bytesRead), size }
  } finally {
    await handle.close()
  }
}

const wrongFile = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_DISK', 'bootset', message)
