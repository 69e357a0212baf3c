import fs from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { BootstandError } from '../core/errors.ts'
import { cacheFolder } from './paths.ts'
import { forgetTools, inspectTool, toolNames, type ToolReport } from './tools.ts'

/**
 * grub-legacy is unpacked, never installed: as an installed package it removes a PC's own GRUB 2.
 */
const unpackedPackages = new Set(['grub-legacy'])

/** Brings the Debian packages whose programs are missing. Progress goes to standard error. */
export const installMissingPackages = async (say: (line: string) => void): Promise<void> => {
  const missing = await missingPackages()
  if (missing.length === 0) return
  say(`Getting Debian packages: ${missing.join(' ')}`)
  const installed = missing.filter((name) => !unpackedPackages.has(name))
  if (installed.length > 0) await install(installed)
  for (const name of missing.filter((it) => unpackedPackages.has(it))) await unpack(name)
  forgetTools()
  const still = await missingPackages()
  if (still.length > 0)
    throw packagesError(
      `apt-get ran, but ${still.join(' ')} did not bring what is needed`,
      still.filter((name) => !unpackedPackages.has(name)),
    )
}

const missingPackages = async (): Promise<string[]> => {
  const reports = await Promise.all(toolNames.map(inspectTool))
  const isMissing = (report: ToolReport) => report.path === undefined
  return [...new Set(reports.filter(isMissing).map((report) => report.debianPackage))]
}

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
      stdout: process.stderr,
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

const unpack = async (name: string): Promise<void> => {
  await fs.mkdir(cacheFolder, { recursive: true })
  const folder = await fs.mkdtemp(path.join(cacheFolder, `${name}.`))
  try {
    const options = { cwd: folder, reject: false, stdin: 'ignore' } as const
    // As root apt would warn that its own user cannot write here.
    const download = await execa(
      'apt-get',
      ['-q', '-o', 'APT::Sandbox::User=root', 'download', name],
      options,
    )
    const [archive] = (await fs.readdir(folder)).filter((file) => file.endsWith('.deb'))
    if (download.failed || archive === undefined) {
      throw packagesError(`apt-get could not download ${name}`, [])
    }
    await execa('dpkg-deb', ['-x', archive, 'root'], { cwd: folder })
    const target = path.join(cacheFolder, name)
    await fs.rm(target, { recursive: true, force: true })
    await fs.rename(path.join(folder, 'root'), target)
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
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
