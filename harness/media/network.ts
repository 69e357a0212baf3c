import fs from 'node:fs/promises'
import path from 'node:path'
import { formatSize } from '../core/text.ts'
import { toolPath } from '../host/tools.ts'
import { diskTools, stageDisk, writeDisk } from './disk.ts'
import type { Medium, MediumParts } from './medium.ts'

/** The outside programs that such a boot takes; the network card's iPXE comes with QEMU. */
export const networkTools = [...diskTools, 'memdisk'] as const

/** What a TFTP server offers lies there, in the run's folder. */
export const networkFolder = 'tftp'
const imageName = 'medium.img'
const scriptName = 'boot.ipxe'

/** What the network card's iPXE does with what DHCP names: docs/media.md. */
const script = `#!ipxe
kernel memdisk harddisk
initrd ${imageName}
boot
`

/**
 * A boot over the network: the card's iPXE asks QEMU's DHCP server, fetches a disk image by TFTP,
 * and MEMDISK makes it the BIOS's first disk, from which GRUB Legacy boots by the same menu.
 *
 * Other PXE loaders change what a kernel is told, or cannot place it: docs/media.md.
 */
export const buildNetwork = async (parts: MediumParts): Promise<Medium> => {
  const workingDirectory = await stageDisk(parts)
  const server = path.join(parts.folder, networkFolder)
  const image = path.join(server, imageName)
  await fs.mkdir(server, { recursive: true })
  await Promise.all([
    writeDisk(workingDirectory, image, 'ext2'),
    fs.copyFile(await toolPath('memdisk'), path.join(server, 'memdisk')),
    fs.writeFile(path.join(server, scriptName), script),
  ])
  const { size } = await fs.stat(image)
  return {
    workingDirectory,
    qemuArguments: networkArguments,
    notes: [`MEMDISK keeps the boot disk, ${formatSize(size)}, at the top of the target's memory.`],
  }
}

export const networkArguments: readonly string[] = [
  // SeaBIOS then speaks on COM1, and iPXE through it: a failed network boot is not silent.
  ...['-machine', 'graphics=off'],
  // restrict: the target reaches QEMU's own DHCP and TFTP servers and nothing else.
  ...['-netdev', `user,id=net,restrict=on,tftp=../${networkFolder},bootfile=${scriptName}`],
  ...['-device', 'virtio-net-pci,netdev=net'],
  ...['-boot', 'n'],
]
