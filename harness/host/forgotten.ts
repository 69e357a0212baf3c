import fs from 'node:fs/promises'
import path from 'node:path'

/** Milliseconds after which what nobody has used is not kept: two weeks. */
const forgotten = 14 * 24 * 3_600_000

/** Says of what lies in a cache that it was used. */
export const markAsUsed = async (place: string): Promise<void> => {
  const now = new Date()
  await fs.utimes(place, now, now).catch(() => {})
}

/** Removes what lies in a cache's folder and was not used for two weeks. */
export const removeForgotten = async (folder: string): Promise<void> => {
  const names = await fs.readdir(folder).catch(() => [])
  for (const place of names.map((it) => path.join(folder, it))) {
    const { mtimeMs } = await fs.stat(place).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs <= forgotten) continue
    // What belongs to somebody else stays.
    await fs.rm(place, { recursive: true, force: true }).catch(() => {})
  }
}
