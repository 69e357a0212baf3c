import fs from 'node:fs/promises'
import path from 'node:path'
import { debianPackages } from '../host/debian-packages.ts'
import { sha256OfFile } from '../host/hash.ts'
import { buildStandIns, standInFolder } from '../host/stand-ins.ts'
import { keptGuests } from './kept-guests.ts'

const gnumach = 'gnumach-image-1.8-486-dbg'

/** GNU Mach 1.8 with its debugger: `gnumach-1.8-486-dbg.gz`. */
export const debianGnumach = keptGuests({
  label: "Debian's GNU Mach",
  folderName: () => gnumach,
  make: async (work, say) => {
    say(`Getting a Debian package for a guest: ${gnumach} …`)
    // That of amd64 holds a 64-bit ELF file, which no multiboot loader takes.
    const unpacked = await debianPackages([gnumach], work, { architecture: 'i386' })
    return path.join(unpacked, 'boot')
  },
})

const xen = 'xen-hypervisor-4.17-amd64'

/** Xen 4.17, `xen-4.17-amd64.gz`, and a stand-in for its first domain, `dom0`. */
export const debianXen = keptGuests({
  label: "Debian's Xen",
  folderName: async () => {
    await buildStandIns(() => {})
    return `${xen}-${(await sha256OfFile(domain)).slice(0, 12)}`
  },
  make: async (work, say) => {
    say(`Getting a Debian package for a guest: ${xen} …`)
    const unpacked = await debianPackages([xen], work, { architecture: 'amd64' })
    const made = path.join(work, 'made')
    await fs.mkdir(made)
    const kernel = 'xen-4.17-amd64.gz'
    await fs.rename(path.join(unpacked, 'boot', kernel), path.join(made, kernel))
    await fs.copyFile(domain, path.join(made, 'dom0'))
    return made
  },
})

const domain = path.join(standInFolder, 'dom0')
