import fs from 'node:fs'
import path from 'node:path'
import { readVerdict, verdictName, writeVerdict } from '../../run-folder/verdict-file.ts'
import { sampleVerdict } from '../../test-tools/sample-verdict.ts'
import type { FuzzedFormat } from '../format.ts'

export const verdict: FuzzedFormat = {
  name: 'verdict',
  samples: () => [Buffer.from(JSON.stringify({ schemaVersion: 1, ...sampleVerdict }, null, 2))],
  run: async (bytes, folder) => {
    fs.writeFileSync(path.join(folder, verdictName), bytes)
    const read = readVerdict(folder)
    // What was read can be written again.
    if (read !== undefined) await writeVerdict(read)
  },
}
