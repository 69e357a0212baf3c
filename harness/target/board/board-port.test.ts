import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSerialPorts } from '../qemu/serial-port.ts'
import type { LineDescription } from './board.ts'
import { BoardPort } from './board-port.ts'

const reset = { what: 'the guest reset the machine', culprit: 'guest' } as const

test('keys for a guest that has reset itself are its failure, on a board and in QEMU', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-port-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const place = { folder, role: 'com1', now: () => 0, directory: folder, onLost: () => {} }
  const board = new BoardPort({ command: 'cat', pace: 0 } as LineDescription, place)
  const emulated = (await openSerialPorts(folder, ['herc'], () => 0)).get('herc')!
  await board.conclude(reset)
  await emulated.close(reset)
  for (const port of [board, emulated]) {
    await expect(port.send(Buffer.from('1'))).rejects.toMatchObject({
      code: 'BOOTSTAND_TYPING',
      culprit: 'guest',
      exitStatus: 1,
    })
  }
  await board.release()
})
