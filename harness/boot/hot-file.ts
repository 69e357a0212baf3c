import fs from 'node:fs'
import path from 'node:path'
import { addressMap, type BootedFile } from '../diagnosis/address-map.ts'
import { hotFunctions, type HotFunction } from '../diagnosis/hot-functions.ts'
import type { ExecutedInstruction } from '../formats/execution-log.ts'

const hotName = 'hot.json'

/** Keeps what a guest executed in its run's folder, by routine; where the disk takes no more, nothing. */
export const keepHot = async (
  folder: string,
  executed: readonly ExecutedInstruction[],
  files: readonly BootedFile[],
): Promise<void> => {
  const functions = hotFunctions(executed, addressMap(files))
  const text = `${JSON.stringify(functions, null, 2)}\n`
  await fs.promises.writeFile(path.join(folder, hotName), text).catch(() => {})
}

/** What was executed in the counted stretch of a run; nothing where the guest did not come to its end. */
export const readHot = (folder: string): readonly HotFunction[] | undefined => {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, hotName), 'utf8')) as HotFunction[]
  } catch {
    return undefined
  }
}
