import fs from 'node:fs'
import path from 'node:path'
import { readBoards } from '../../target/board/boards-file.ts'
import { filesBelow, type FuzzedFormat } from '../format.ts'

const sample = `boards:
  shelf-1: &usual
    kind: pc
    lines:
      - tcp: '127.0.0.1:2001'
        pace: 5
      - { serial: /dev/ttyUSB0, speed: 9600, parity: even }
    power:
      command: { on: ./power.sh on, off: ./power.sh off }
      rest: 500
    medium: { copy: ./copy.sh, method: iso }
    banner: ^PhoenixBIOS \\d
  shelf-2: *usual
  shelf-3:
    lines: [{ command: cat }]
    power: { control: { line: dtr, as: switch } }
    medium: { resident: true }
`

export const boards: FuzzedFormat = {
  name: 'boards',
  samples: () => [Buffer.from(sample), ...filesBelow('fixtures/hostile/boards')],
  run: async (bytes, folder) => {
    const file = path.join(folder, 'boards.yaml')
    fs.writeFileSync(file, bytes)
    await readBoards(file)
  },
}
