import { expect, test } from 'vitest'
import type { Board } from './board.ts'
import { startBoard, type BoardOptions } from './machine.ts'

test('a board whose console cannot be recorded is free for the next boot', async () => {
  const board = { name: 'pc1', directory: '/', lines: [{ command: 'cat' }], power: { ask: true } }
  const options = { board: board as unknown as Board, folder: '/nowhere', roles: ['herc'] }
  for (const attempt of ['first', 'second']) {
    await expect(startBoard(options as unknown as BoardOptions), attempt).rejects.toThrow(
      "no such file or directory, open '/nowhere/herc.out'",
    )
  }
})
