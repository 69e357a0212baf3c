import fs from 'node:fs/promises'
import path from 'node:path'
import { BootstandError, systemCode } from '../core/errors.ts'
import { diskKindOf, tellingBytes, type DiskKind } from '../formats/disk-image.ts'
import { kindOf } from '../host/read-menu.ts'
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
    if (code === undefined || error instanceof BootstandError) throw error
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
  const stat = await fs.stat(file)
  // To open a pipe would wait for its writer, and no signal could end it.
  if (!stat.isFile() && !stat.isBlockDevice()) {
    throw wrongFile(
      `Expected a disk, floppy or ISO image at ${file}; found ${kindOf(stat)}. Name a regular file or a block device.`,
    )
  }
  const handle = await fs.open(file, 'r')
  try {
    const size = stat.isFile() ? stat.size : await sizeOfDevice(stat.rdev)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tellingBytes), 0, tellingBytes, 0)
    return { head: buffer.subarray(0, bytesRead), size }
  } finally {
    await handle.close()
  }
}

/** Of a block device, which `stat` does not tell. Bytes. */
const sizeOfDevice = async (device: number): Promise<number> => {
  // Linux's encoding of a device's numbers, include/linux/kdev_t.h.
  const major = (device >>> 8) & 0xfff
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00)
  const sectors = await fs.readFile(`/sys/dev/block/${major}:${minor}/size`, 'utf8')
  return Number(sectors) * 512
}

const wrongFile = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_DISK', 'bootset', message)
