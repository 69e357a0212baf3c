import fs from 'node:fs'

/** Whether a regular file is at a path: no link to one, and nothing whose opening waits. */
export const isRegularFile = (file: string): boolean =>
  fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true
