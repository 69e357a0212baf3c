import fs from 'node:fs'
import path from 'node:path'

/**
 * Writes programs of a test's own into `bin/` of a folder.
 *
 * @param scripts What each does, by its name: lines of a shell.
 * @returns That folder, for a PATH.
 */
export const writePrograms = (
  folder: string,
  scripts: Readonly<Record<string, string>>,
): string => {
  const bin = path.join(folder, 'bin')
  fs.mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries(scripts))
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return bin
}

/** A PATH in which these programs come before the host's. */
export const pathWith = (folder: string, scripts: Readonly<Record<string, string>>): string =>
  `${writePrograms(folder, scripts)}:${process.env['PATH']}`
