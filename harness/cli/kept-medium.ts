import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { markAsUsed, removeForgotten } from '../host/forgotten.ts'
import { sha256OfBytes, sha256OfFile } from '../host/hash.ts'
import { cacheFolder } from '../host/paths.ts'

const parent = path.join(cacheFolder, 'show')

/**
 * Makes files that outlive this process, for two weeks after they were last asked for. The same files have the same
 * place, and what lies there never changes: somebody may boot from it.
 *
 * @param make Makes them in an empty folder.
 * @returns what `make` gave, and where a file that it made is now.
 */
export const keptMedium = async <T>(
  make: (work: string) => Promise<T>,
): Promise<{ made: T; pathOf: (file: string) => string }> => {
  await fs.mkdir(parent, { recursive: true })
  await removeForgotten(parent)
  const work = await fs.mkdtemp(path.join(parent, 'new.'))
  try {
    const made = await make(work)
    const place = path.join(parent, (await sha256OfFolder(work)).slice(0, 16))
    await fs.rename(work, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error
    })
    await markAsUsed(place)
    return { made, pathOf: (file) => path.join(place, path.relative(work, file)) }
  } finally {
    await fs.rm(work, { recursive: true, force: true })
  }
}

/** Of the names and contents of all files in a folder. */
const sha256OfFolder = async (folder: string): Promise<string> => {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((it) => it.isFile()).map((it) => path.join(it.parentPath, it.name))
  const lines: string[] = []
  for (const file of files.toSorted())
    lines.push(`${path.relative(folder, file)} ${await sha256OfFile(file)}`)
  return sha256OfBytes(lines.join('\n'))
}
