import fs from 'node:fs'
import path from 'node:path'
import { addressMap, type BootedFile } from '../diagnosis/address-map.ts'
import { hotFunctions, type HotFunction } from '../diagnosis/hot-functions.ts'
import type { CountedStretch } from '../formats/execution-log.ts'

const hotName = 'hot.json'

/** What was executed in a counted stretch of a run. */
export interface HotStretch {
  /** Of which it is the beginning, where measured lines were counted. */
  readonly benchmark?: string
  /** Which of the benchmark's runs in the boot, from 1 on. */
  readonly run?: number
  readonly functions: readonly HotFunction[]
}

/** Keeps what a guest executed in its run's folder, by routine; where the disk takes no more, nothing. */
export const keepHot = async (
  folder: string,
  counted: readonly CountedStretch[],
  files: readonly BootedFile[],
): Promise<void> => {
  if (counted.length === 0) return
  const map = addressMap(files)
  const stretches = counted.map(({ executed, ...named }): HotStretch => ({
    ...named,
    functions: hotFunctions(executed, map),
  }))
  const text = `${JSON.stringify(stretches, null, 2)}\n`
  await fs.promises.writeFile(path.join(folder, hotName), text).catch(() => {})
}

/** The counted stretches of a run to whose ends the guest came, in their order. */
export const readHot = (folder: string): readonly HotStretch[] => {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, hotName), 'utf8')) as HotStretch[]
  } catch {
    return []
  }
}
