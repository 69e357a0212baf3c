import fs from 'node:fs'
import path from 'node:path'
import { placeBytes } from '../host/place-file.ts'
import { explainingDisk } from '../host/run-folder.ts'
import type { Verdict } from './verdict.ts'

/** What a run's verdict is called in its folder. */
export const verdictName = 'verdict.json'

/** A run's verdict; nothing where it still goes on or was killed, or where the file is damaged. */
export const readVerdict = (folder: string): Verdict | undefined => {
  try {
    const read: unknown = JSON.parse(fs.readFileSync(path.join(folder, verdictName), 'utf8'))
    return isVerdict(read) ? read : undefined
  } catch {
    return undefined
  }
}

/**
 * Writes a verdict into its run's folder, whole or not at all.
 *
 * @throws {BootstandError} when the disk takes no more.
 */
export const writeVerdict = async (verdict: Verdict): Promise<void> => {
  const { runFolder } = verdict
  const bytes = Buffer.from(`${JSON.stringify(verdict, null, 2)}\n`)
  await explainingDisk(runFolder, async () => {
    await placeBytes(path.join(runFolder, verdictName), bytes)
  })
}

const isVerdict = (value: unknown): value is Verdict => {
  const fields = Object(value) as Partial<Record<keyof Verdict, unknown>>
  const texts = ['scenario', 'outcome', 'summary', 'method', 'guests', 'startedAt'] as const
  const lists = ['images', 'stops', 'phases', 'interrogation', 'tools', 'command'] as const
  return (
    texts.every((name) => typeof fields[name] === 'string') &&
    lists.every((name) => Array.isArray(fields[name])) &&
    typeof fields.consoles === 'object' &&
    ['string', 'undefined'].includes(typeof fields.recorded)
  )
}
