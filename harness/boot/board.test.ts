import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { boardFolder, qemuBoard, useQemuBoard } from '../test-tools/qemu-board.ts'
import { boot } from './boot.ts'
import { pistachio } from './pistachio.ts'

useQemuBoard()

const pingpong = pistachio({ rootTask: 'pingpong' })

test('pingpong passes on a board, and a verdict says that nobody looked into it', async () => {
  const board = await qemuBoard()
  const twice = pistachio({ rootTask: 'pingpong', processors: 2 })
  await expect(boot(twice, { board: { ...board, processors: 1 } })).rejects.toThrow(
    'Board pc1 cannot boot this: it has 1 processor, and the scenario wants 2.',
  )
  await using target = await boot(pingpong, { board })
  await target.herc.waitFor('s: print SQLite table')
  await target.herc.type('1')
  await target.herc.waitFor(/^IPC \(63 MRs\): [\d.]+ cycles/)
  const verdict = await target.stop()
  expect(verdict).toMatchObject({ outcome: 'finished', board: 'pc1' })
  // Nothing that QEMU could be started with.
  expect(verdict).not.toHaveProperty('machine')
  expect(verdict.notes).toEqual([
    'Booted on board pc1: all that is known comes from its console and its power.',
  ])
  expect(verdict.phases.map(({ name }) => name)).toContain('root task')
  expect(fs.existsSync(path.join(boardFolder, 'pc/pid'))).toBe(false)
  expect(fs.existsSync(path.join(verdict.runFolder, 'qemu.sh'))).toBe(false)
})

test('a reset, a silent guest and a crash have the verdicts that a console proves', async () => {
  const board = await qemuBoard()
  await using reset = await boot(pistachio({ rootTask: 'rt-triplefault' }), { board })
  await expect(reset.ended).resolves.toMatchObject({
    kind: 'reset',
    what: expect.stringContaining('its console begins anew with "') as string,
  })
  expect(await reset.stop()).toMatchObject({ outcome: 'reset', culprit: 'guest' })

  await using silent = await boot(pistachio({ rootTask: 'rt-spin' }), { board })
  await silent.herc.waitFor('Idle thread started')
  await expect(silent.herc.waitFor('never', { within: 1_500 })).rejects.toThrow(
    /The guest is silent, and nobody can look into board pc1 to tell why: herc has printed nothing for/,
  )
  expect(await silent.stop()).toMatchObject({ outcome: 'silent', culprit: 'guest' })

  await using crash = await boot(pistachio({ rootTask: 'rt-ud2' }), { board })
  await expect(crash.herc.waitFor('never')).rejects.toThrow('the kernel debugger was entered')
  expect(await crash.stop()).toHaveProperty('outcome', 'crashed')
})
