import fs from 'node:fs/promises'
import { BootstandError } from '../../core/errors.ts'
import { folderMedium } from '../../lint/folder-medium.ts'
import type { LintContext, Medium } from '../../lint/medium.ts'

/** What the files of a menu lie on, as far as it is known. */
export type LintMedia = Pick<LintContext, 'root' | 'devices'>

/** A device as GRUB names it, with or without its parentheses, and the directory that stands for it. */
const deviceRoot = /^\(?((?:fd[0-7]|hd[0-7]|cd|nd)(?:,[0-9a-h]+)*)\)?=(.+)$/s

/**
 * The media behind `--root DIR` and `--root DEVICE=DIR`.
 *
 * @throws {BootstandError} when one is no directory, or two are meant for the same device.
 */
export const lintMedia = async (roots: readonly string[]): Promise<LintMedia> => {
  const media = new Map<string, Medium>()
  for (const given of roots) {
    const [, device, folder = given] = deviceRoot.exec(given) ?? []
    const key = device === undefined ? '' : `(${device})`
    if (media.has(key)) {
      const what = key === '' ? 'without a device' : `for ${key}`
      throw rootError(`Expected one --root ${what}, found a second one: ${given}.`)
    }
    media.set(key, folderMedium(await directory(folder)))
  }
  const root = media.get('')
  media.delete('')
  return { ...(root !== undefined && { root }), devices: media }
}

const directory = async (name: string): Promise<string> => {
  const stat = await fs.stat(name).catch(() => undefined)
  if (stat?.isDirectory()) return name
  throw rootError(
    `Expected a directory with the menu's files behind --root, found ${stat === undefined ? 'nothing' : 'a file'} at ${name}.`,
  )
}

const rootError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_LINT', 'usage', message)
