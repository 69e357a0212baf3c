import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { glob } from 'tinyglobby'
import { packageRoot } from './paths.ts'

/**
 * A name for Bootstand's own code and what it is built on: the same name, the same code. Told by sizes and times, since to
 * read it all would take longer than what the name spares.
 */
export const ownCodeKey = async (): Promise<string> => {
  const hash = createHash('sha256')
  const own = ['harness/**/*.ts', 'tsconfig.json', 'package-lock.json']
  for (const file of (await glob(own, { cwd: packageRoot })).toSorted()) {
    const { size, mtimeMs } = await fs.stat(path.join(packageRoot, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
