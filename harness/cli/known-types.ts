import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { glob } from 'tinyglobby'
import { markAsUsed, removeForgotten } from '../host/forgotten.ts'
import { ownCodeKey } from '../host/own-code.ts'
import { cacheFolder, packageRoot } from '../host/paths.ts'

const folder = path.join(cacheFolder, 'types-known')

/** Nobody's scenarios are that many; to read them would take longer than to check them. */
const most = 500

/**
 * A name for what a type check looks at: the same name, the same outcome. Nothing where that is too much to look at.
 *
 * @param project The folder of the user's scenarios.
 * @param files What is checked. Whatever else they import lies in the project or in Bootstand.
 */
export const typesKey = async (
  project: string,
  files: readonly string[],
): Promise<string | undefined> => {
  const hash = createHash('sha256').update(await ownCodeKey())
  const ignore = [
    '**/node_modules/**',
    '**/runs/**',
    ...(project === packageRoot ? ['harness/**'] : []),
  ]
  const theirs = (await glob('**/*.ts', { cwd: project, ignore })).toSorted()
  if (theirs.length > most) return undefined
  for (const file of theirs)
    hash.update(`${file}\0`).update(await fs.readFile(path.join(project, file)))
  for (const file of files) hash.update(`${path.relative(project, file)}\n`)
  return hash.digest('hex')
}

/** Whether these types were found right before. */
export const areKnown = async (key: string): Promise<boolean> => {
  const mark = path.join(folder, key)
  const isKnown = (await fs.stat(mark).catch(() => undefined)) !== undefined
  if (isKnown) await markAsUsed(mark)
  return isKnown
}

/** Remembers that these types are right, where the disk has room. */
export const remember = async (key: string): Promise<void> => {
  try {
    await fs.mkdir(folder, { recursive: true })
    await removeForgotten(folder)
    await fs.writeFile(path.join(folder, key), '')
  } catch {
    // The next run checks them again.
  }
}
