import fs from 'node:fs'
import path from 'node:path'
import { readBoards } from '../../target/board/boards-file.ts'
import type { FuzzedFormat } from '../format.ts'

const sample = `boards:
  shelf-1: &usual
    kind: pc
    line: { tcp: '127.0.0.1:2001' }
    power:
      on: [./power.sh, 'on']
      off: [./power.sh, 'off']
  shelf-2:
    <<: *usual
    line: /dev/ttyUSB0
`

export const boards: FuzzedFormat = {
  name: 'boards',
  samples: () => [Buffer.from(sample)],
  run: async (bytes, folder) => {
    const file = path.join(folder, 'boards.yaml')
    fs.writeFileSync(file, bytes)
    await readBoards(file)
  },
}
