import fs from 'node:fs'
import path from 'node:path'
import type { Verdict } from '../../boot/verdict.ts'
import { plainText } from '../../core/text.ts'
import { eventsIn } from '../../run-folder/cast-file.ts'

/** Keys that were typed on a console. */
export interface TypedKeys {
  readonly role: string
  /** The line that the console had printed last, or its unfinished one; empty if it had printed nothing since the keys before. */
  readonly behind: string
  readonly keys: string
}

/** What was typed on the serial consoles of a run, in its order, until it stopped: then the debugger was asked. */
export const keysOf = async (
  folder: string,
  { consoles, stops }: Pick<Verdict, 'consoles' | 'stops'>,
): Promise<readonly TypedKeys[]> => {
  const typed: (TypedKeys & { readonly at: number })[] = []
  for (const role of consoles.serial) {
    const file = path.join(folder, `${role}.cast`)
    if (!fs.existsSync(file)) continue
    let [printed, since] = ['', 0]
    for (const [at, kind, data] of eventsIn(file)) {
      if (kind === 'o') printed += data
      if (kind !== 'i') continue
      if (stops.some(({ line }) => printed.includes(line))) break
      const lines = printed.slice(since).split('\n').map(plainText)
      const behind = lines.findLast((it) => it.trim() !== '') ?? ''
      typed.push({ role, behind, keys: data, at })
      since = printed.length
    }
  }
  return typed.toSorted((a, b) => a.at - b.at).map(({ at: _, ...keys }) => keys)
}
