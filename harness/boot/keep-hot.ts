import { addressMap, type BootedFile } from '../diagnosis/address-map.ts'
import { hotFunctions } from '../diagnosis/hot-functions.ts'
import type { CountedStretch } from '../formats/execution-log.ts'
import { writeHot, type HotStretch } from '../run-folder/hot-file.ts'

/** Keeps what a guest executed in its run's folder, by routine. */
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
  await writeHot(folder, stretches)
}
