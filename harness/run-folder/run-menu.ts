import fs from 'node:fs'
import path from 'node:path'
import { pathInside } from '../host/path-inside.ts'
import { readRegularFile } from '../host/read-regular-file.ts'

/** Bytes. GRUB itself takes some thirty thousand. */
const largestMenu = 16 * 2 ** 20

/** Name of the menu in a run folder. */
const menuName = 'menu.lst'

/** Whether a run folder has kept a menu, readable or not. */
export const hasRunMenu = (folder: string): boolean =>
  fs.lstatSync(path.join(folder, menuName), { throwIfNoEntry: false }) !== undefined

/**
 * The menu that a run has booted, one character a byte; nothing where it has kept none.
 *
 * @throws {BootstandError} (culprit: usage) when it is no regular file of the folder, or too large.
 */
export const readRunMenu = (folder: string): string | undefined =>
  hasRunMenu(folder)
    ? readRegularFile(pathInside(folder, menuName), {
        what: 'the menu of a run',
        limit: largestMenu,
      }).toString('latin1')
    : undefined
