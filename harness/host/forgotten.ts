import fs from 'node:fs/promises'
import path from 'node:path'

const twoWeeks = 14 * 24 * 3_600_000

/** Says of what lies in a cache that it was used. */
export const markAsUsed = async (place: string): Promise<void> => {
  const now = new Date()
  await fs.utimes(place, now, now).catch(() => {})
}

/**
 * Removes what lies in a cache's folder and was not used for long.
 *
 * @param options.prefix Of the names that are looked at; all by default.
 * @param options.after Milliseconds; two weeks by default.
 */
export const removeForgotten = async (
  folder: string,
  { prefix = '', after = twoWeeks }: { readonly prefix?: string; readonly after?: number } = {},
): Promise<void> => {
  const names = await fs.readdir(folder).catch(() => [])
  for (const name of names.filter((it) => it.startsWith(prefix))) {
    const place = path.join(folder, name)
    const { mtimeMs } = await fs.stat(place).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs <= after) continue
    // What belongs to somebody else stays.
    await fs.rm(place, { recursive: true, force: true }).catch(() => {})
  }
}
