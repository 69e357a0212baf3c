import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { aptIn } from './debian-packages.ts'
import { packagesFolder } from './paths.ts'
import { forgetTools, inspectTool, toolNames, type ToolReport } from './tools.ts'

/**
 * Packages that are unpacked, never installed: it needs no root and changes nothing on the machine.
 * As an installed package grub-legacy would remove a PC's own GRUB 2.
 */
const unpackedPackages = new Set(['grub-legacy', 'mtools', 'syslinux-common'])

/**
 * Brings the Debian packages whose programs are missing. Progress goes to standard error.
 *
 * @throws {BootstandError} when a program is still missing that every boot needs. One that only
 * some of what `bootstand` does needs is merely named: all else does without.
 */
export const installMissingPackages = async (say: (line: string) => void): Promise<void> => {
  const missing = packagesOf(await missingTools())
  if (missing.length === 0) return
  say(`Getting Debian packages: ${missing.join(' ')}`)
  const failure: unknown = await bring(missing).catch((error: unknown) => error)
  forgetTools()
  const still = await missingTools()
  if (still.length === 0) return
  const names = packagesOf(still)
  const reason =
    failure ??
    packagesError(`apt-get ran, but ${names.join(' ')} did not bring what is needed`, names)
  if (!(reason instanceof BootstandError) || still.some((it) => it.neededBy === undefined))
    throw reason
  const lost = [...new Set(still.flatMap((it) => it.neededBy ?? []))]
  say(`${reason.message}\nUntil then these do not work: ${lost.join(', ')}.`)
}

const bring = async (packages: readonly string[]): Promise<void> => {
  const installed = packages.filter((name) => !unpackedPackages.has(name))
  const unpacked = packages.filter((name) => unpackedPackages.has(name))
  // Whoever may not install can still unpack.
  if (unpacked.length > 0) await unpack(unpacked)
  if (installed.length > 0) await install(installed)
}

const missingTools = async (): Promise<ToolReport[]> => {
  const reports = await Promise.all(toolNames.map(inspectTool))
  return reports.filter((report) => report.path === undefined)
}

const packagesOf = (reports: readonly ToolReport[]): string[] => [
  ...new Set(reports.map((report) => report.debianPackage)),
]

const aptOptions = ['-o', 'DPkg::Lock::Timeout=300']

const install = async (packages: readonly string[]): Promise<void> => {
  const privilege = await privilegedPrefix()
  if (privilege === undefined) {
    throw packagesError('This needs root, and password-less sudo is not to be had', packages)
  }
  const apt = async (...words: string[]) => {
    const [command, ...rest] = [...privilege, 'apt-get', ...aptOptions, ...words]
    const result = await execa(command!, rest, {
      reject: false,
      stdin: 'ignore',
      // Standard output is kept for results.
      stdout: 2,
      stderr: 'inherit',
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (result.failed) throw packagesError(`apt-get ${words[0]} failed`, packages)
  }
  await apt('-q', 'update')
  // --no-remove: a test stand takes nothing away from a machine.
  await apt('-q', 'install', '-y', '--no-install-recommends', '--no-remove', ...packages)
}

/** What to put before a command that needs root; nothing when there is no way. */
const privilegedPrefix = async (): Promise<string[] | undefined> => {
  if (process.getuid?.() === 0) return []
  const sudo = await execa('sudo', ['-n', 'true'], { reject: false, stdin: 'ignore' })
  return sudo.failed ? undefined : ['sudo', '-n']
}

const unpack = async (packages: readonly string[]): Promise<void> => {
  await fs.mkdir(packagesFolder, { recursive: true })
  const folder = await fs.mkdtemp(path.join(packagesFolder, 'packages.'))
  try {
    const failed = await aptIn(folder, ['download', ...packages])
    const archives = (await fs.readdir(folder)).filter((file) => file.endsWith('.deb'))
    for (const archive of archives) await unpackArchive(folder, archive)
    if (failed) {
      throw packagesError(`apt-get could not download ${packages.join(' ')}`, [])
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

/** Unpacks `<package>_<version>_<architecture>.deb` into their folder, under its package's name. */
const unpackArchive = async (folder: string, archive: string): Promise<void> => {
  const [name] = archive.split('_')
  await execa('dpkg-deb', ['-x', archive, name!], { cwd: folder })
  const target = path.join(packagesFolder, name!)
  await fs.rm(target, { recursive: true, force: true })
  await fs.rename(path.join(folder, name!), target)
}

const packagesError = (what: string, packages: readonly string[]): BootstandError => {
  const update = 'sudo apt-get update'
  const line =
    packages.length === 0
      ? update
      : `${update} && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
  return new BootstandError(
    'BOOTSTAND_PACKAGES',
    'host',
    `${what}. Run this line, then try again:\n  ${line}`,
  )
}
