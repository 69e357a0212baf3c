import fs from 'node:fs'
import path from 'node:path'
import { checkpointFiles, readCheckpoint } from '../../run-folder/checkpoint-file.ts'
import type { FuzzedFormat } from '../format.ts'

const console = {
  size: 812,
  position: { offset: 800, column: 3 },
  accepted: { offset: 812, column: 0 },
  isPrompted: true,
}

const sample = {
  schemaVersion: 1,
  name: 'ready',
  folder: '/nowhere/checkpoints/ready',
  uptime: 812.5,
  isExact: false,
  consoles: { herc: console },
  begins: 'kernel',
  holdsFor: { kernel: '0'.repeat(64), memory: '64' },
}

export const checkpoint: FuzzedFormat = {
  name: 'checkpoint',
  samples: () => [Buffer.from(JSON.stringify(sample, null, 2))],
  run: (bytes, folder) => {
    fs.writeFileSync(path.join(folder, checkpointFiles.description), bytes)
    readCheckpoint(folder)
  },
}
