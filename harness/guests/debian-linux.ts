import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { glob } from 'tinyglobby'
import { debianPackages, dependencyOf } from '../host/debian-packages.ts'
import { packageRoot } from '../host/paths.ts'
import { buildRamdisk } from '../ramdisk/build-ramdisk.ts'
import { keptGuests } from './kept-guests.ts'

const source = path.join(packageRoot, 'fixtures/linux')

/** Always names the newest kernel for virtual machines. */
const metapackage = 'linux-image-cloud-amd64'

/** In the order in which they can be loaded; brd makes /dev/ram0, the others a network card. */
const modules = [
  'brd',
  ...['virtio_ring', 'virtio', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci'],
  ...['failover', 'net_failover', 'virtio_net'],
]

/** Apache as in L4Ka's sample ramdisk, and the packages that its libraries come from. */
const apache = {
  packages: [
    ...['apache2-bin', 'libapr1', 'libaprutil1', 'libc6', 'libcrypt1', 'libexpat1'],
    ...['libpcre2-8-0', 'libuuid1'],
  ],
  files: [
    'usr/sbin/apache2',
    'usr/lib/apache2/modules/mod_authz_core.so',
    'usr/lib/apache2/modules/mod_mpm_prefork.so',
  ],
}

/**
 * Debian's kernel for virtual machines, and a ramdisk with busybox: an initramfs that fills `/dev/ram0` with
 * an ext2 file system and starts the init on that: a login, a shell, DHCP on eth0, Apache on port 80.
 */
export const debianLinux = keptGuests({
  label: "Debian's Linux",
  folderName: async () => `debian-linux-${await fingerprint()}`,
  make: async (work, say) => {
    const kernel = await dependencyOf(metapackage, /^linux-image-\S+-cloud-amd64$/)
    say(`Getting Debian packages for a guest: ${kernel}, busybox-static, apache2-bin …`)
    const packages = await debianPackages([kernel, 'busybox-static', ...apache.packages], work)
    const made = path.join(work, 'made')
    await fs.mkdir(made)
    await makeInitrd(packages, work, path.join(made, 'initrd'))
    const version = kernel.replace('linux-image-', '')
    await fs.rename(path.join(packages, `boot/vmlinuz-${version}`), path.join(made, 'vmlinuz'))
    return made
  },
})

/** Of the files that the ramdisk is made from. */
const fingerprint = async (): Promise<string> => {
  const hash = createHash('sha256').update(import.meta.filename)
  for (const file of (await glob('**', { cwd: source, dot: true })).toSorted())
    hash.update(`${file}\0`).update(await fs.readFile(path.join(source, file)))
  return hash.digest('hex').slice(0, 12)
}

/** @param packages Where they are unpacked, one over the other. */
const makeInitrd = async (packages: string, work: string, output: string): Promise<void> => {
  const root = path.join(work, 'root')
  const initramfs = path.join(work, 'initramfs')
  await fs.cp(path.join(source, 'root'), root, { recursive: true })
  await fs.cp(path.join(source, 'initramfs'), initramfs, { recursive: true })
  await copyFiles(packages, ['bin/busybox', ...apache.files], root)
  await copyFiles(packages, ['bin/busybox'], initramfs)
  await buildRamdisk({
    from: [root, path.join(source, 'root.mtree')],
    output: path.join(initramfs, 'ramdisk.gz'),
    gzip: true,
    libraries: true,
    sysroot: packages,
    // Room for what the guest writes.
    margin: 50,
  })
  const found = await glob('lib/modules/**/*.ko', { cwd: packages, absolute: true })
  await fs.mkdir(path.join(initramfs, 'modules'))
  for (const name of modules) {
    const file = found.find((it) => path.basename(it) === `${name}.ko`)
    if (file !== undefined) await fs.copyFile(file, path.join(initramfs, `modules/${name}.ko`))
  }
  await buildRamdisk({ from: initramfs, output, format: 'newc', gzip: true })
}

const copyFiles = async (from: string, names: readonly string[], to: string): Promise<void> => {
  for (const name of names) {
    await fs.mkdir(path.dirname(path.join(to, name)), { recursive: true })
    await fs.copyFile(path.join(from, name), path.join(to, name))
  }
}
