import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { jsonFileText, readJsonFile, type JsonFile } from './json-file.ts'
import { list } from './list.ts'

/** Instructions that were executed, by routine. */
const hotName = 'hot.json'

const count = z.number().min(0)

const hotFunction = exactObject({
  /** The file's name on the boot medium; empty for what is in none, such as firmware. */
  image: z.string(),
  /** As its compiler named it; empty where the file has no names. */
  function: z.string(),
  instructions: count,
  /** How often its first instruction was executed. */
  calls: count,
}).readonly()

/** A routine, and what of it was executed in a stretch. */
export type HotFunction = z.infer<typeof hotFunction>

const stretch = exactObject({
  /** The benchmark that it is the beginning of, where measured lines were counted. */
  benchmark: z.string().exactOptional(),
  /** Which of the benchmark's runs in the boot, from 1 on. */
  run: z.int().min(1).exactOptional(),
  functions: list(hotFunction),
}).readonly()

/** What was executed in a counted stretch of a run. */
export type HotStretch = z.infer<typeof stretch>

interface HotContent {
  readonly stretches: readonly HotStretch[]
}

const hotFile: JsonFile<HotContent> = {
  what: "a run's counted instructions",
  version: 1,
  schema: exactObject({ stretches: list(stretch) }),
}

/** Writes the counted stretches of a run. A failure is ignored: the run matters more. */
export const writeHot = async (folder: string, stretches: readonly HotStretch[]): Promise<void> => {
  const file = path.join(folder, hotName)
  await fs.promises.writeFile(file, jsonFileText(hotFile, { stretches })).catch(() => {})
}

/**
 * The counted stretches of a run to whose ends the guest came, in their order; none where none was counted.
 *
 * @throws {BootstandError} when the file is damaged.
 */
export const readHot = (folder: string): readonly HotStretch[] => {
  const file = path.join(folder, hotName)
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return []
  return readJsonFile(hotFile, file).stretches
}
