import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { BootstandError } from '../core/errors.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { shellOn } from '../kernel/shell-dialogue.ts'
import { startFaultyLine } from '../test-tools/faulty-line.ts'
import { boardFolder, qemuBoard, switchPower, useQemuBoard } from '../test-tools/qemu-board.ts'
import { bringSer2net, startSer2net, type Ser2netProtocol } from '../test-tools/ser2net.ts'
import { boot } from './boot.ts'
import { l4linux } from './l4linux.ts'
import { pistachio } from './pistachio.ts'
import { prepareBoot } from './prepare.ts'

useQemuBoard()

const pingpong = pistachio({ rootTask: 'pingpong' })
const linux = l4linux({
  arguments: 'root=/dev/ram0 console=herc console=ttyS1,115200',
  ramdisk: 'ramdisk',
})

const device = (name: string) => path.join(boardFolder, 'pc', name)

test('L4Linux answers on the second port of a pty', async () => {
  const board = await qemuBoard()
  await using target = await boot(linux, { board })
  const shell = shellOn(target.ttyS1)
  await shell.login('root', 'pistachio')
  await expect(shell.run('uname')).resolves.toEqual({ output: 'Linux', status: 0 })
  expect(await target.stop()).toHaveProperty('outcome', 'finished')
})

test.for(['raw', 'rfc2217'] as const)(
  'pingpong and L4Linux pass through ser2net, %s',
  async (protocol: Ser2netProtocol, { skip }) => {
    await bringSer2net().catch((error: unknown) => {
      if (error instanceof BootstandError) skip(error.message)
      throw error
    })
    await using server = await startSer2net([device('com1'), device('com2')], protocol, boardFolder)
    const option = protocol === 'raw' ? 'tcp' : 'rfc2217'
    const board = await qemuBoard({
      lines: server.addresses.map((address) => ({ [option]: address })),
    })
    await using target = await boot(pingpong, { board })
    await target.herc.waitFor('s: print SQLite table')
    await target.herc.type('1')
    await target.herc.waitFor(/^IPC \(63 MRs\): [\d.]+ cycles/)
    expect(await target.stop()).toHaveProperty('outcome', 'finished')
    await using login = await boot(linux, { board })
    await shellOn(login.ttyS1).login('root', 'pistachio')
    expect(await login.stop()).toHaveProperty('outcome', 'finished')
  },
)

test('what the last boot left in a line, and noise, are no part of the next boot', async () => {
  const stale = '\x00\xffKickStart 0.7\r\n--- "KD# stale panic" ---\r\n'
  await using line = await startFaultyLine(device('com1'), { stale })
  const board = await qemuBoard({ lines: [{ tcp: line.address }] })
  // Somebody left it on.
  const started = boot(pistachio({ rootTask: 'rt-tick' }), { board })
  await using left = await started
  await left.herc.waitFor('Idle thread started')
  expect(await left.stop()).toMatchObject({ outcome: 'finished', stops: [] })
  const text = fs.readFileSync(path.join(left.runFolder, 'herc.out'), 'latin1')
  expect(text).not.toContain('stale panic')
})

test('a line that is pulled out in mid-boot comes back, and what was lost is nobody’s fault but the host’s', async () => {
  await using line = await startFaultyLine(device('com1'), {})
  const board = await qemuBoard({ lines: [{ tcp: line.address }] })
  await using target = await boot(pingpong, { board })
  await target.herc.waitFor('s: print SQLite table')
  line.unplug(300)
  // Keys for a line that is away wait; the first may be lost with it.
  await target.herc.typeUntil('1', 'Benchmarking')
  await target.herc.waitFor('What now')
  await expect(target.herc.waitFor('never', { within: 1_500 })).rejects.toThrow(
    /What was awaited may be lost: the line of herc was away \(.* hung up\)\./,
  )
  const verdict = await target.stop()
  expect(verdict).toMatchObject({ outcome: 'host-failed', culprit: 'host' })
  expect(verdict.notes.join('\n')).toMatch(
    /The line of herc was away for 0\.\d+ s, [\d.]+ s after power-on: .* hung up\. What was printed then is lost\./,
  )
})

test('a debugger that nobody has broken into is put down to the line', async () => {
  const entry = '\r\n--- "KD# break" ---\r\n'
  let said = ''
  const spoil = (bytes: Buffer) => {
    const before = said.includes('Idle thread')
    said += bytes.toString('latin1')
    return !before && said.includes('Idle thread')
      ? Buffer.concat([bytes, Buffer.from(entry)])
      : bytes
  }
  await using line = await startFaultyLine(device('com1'), { spoil })
  const board = await qemuBoard({ lines: [{ tcp: line.address }] })
  await using target = await boot(pistachio({ rootTask: 'rt-spin' }), { board })
  await expect(target.herc.waitFor('never')).rejects.toThrow('"KD# break"')
  const { notes } = await target.stop()
  expect(notes.join('\n')).toContain(
    'Nobody sent a break on herc, and the guest met one (--- "KD# break" ---): noise or a framing error',
  )
})

test('a line that loses every byte is told from a guest that hangs', async () => {
  await using line = await startFaultyLine(device('com1'), { spoil: () => Buffer.alloc(0) })
  const board = await qemuBoard({ lines: [{ tcp: line.address }] })
  await using target = await boot(pingpong, { board })
  await expect(target.herc.waitFor('never', { within: 1_500 })).rejects.toThrow(
    'The board has not started what it should boot: nothing of this boot has come on herc (0 bytes before any banner, see herc.stale); nobody can look into board pc1.',
  )
  expect(await target.stop()).toHaveProperty('outcome', 'waiting-in-loader')
})

test('a medium comes by TFTP, or lies on the board already and its entry is picked', async () => {
  const served = await qemuBoard({ medium: { tftp: 'pc/tftp' } })
  await using fetched = await boot(pingpong, { board: served })
  await fetched.herc.waitFor('s: print SQLite table')
  await fetched.stop()

  const folder = path.join(boardFolder, 'build')
  fs.mkdirSync(folder)
  const options = { images: standInFolder, method: 'disk', folder, waits: true } as const
  const { medium } = await prepareBoot(pingpong, options)
  fs.copyFileSync(medium.image!, device('medium.img'))
  const there = await qemuBoard({ medium: { resident: true } })
  await switchPower('on')
  await using picked = await boot(pingpong, { board: there })
  await picked.herc.waitFor('s: print SQLite table')
  const verdict = await picked.stop()
  expect(verdict).toMatchObject({ outcome: 'finished', guests: 'what is on the board', images: [] })
  expect(verdict.notes[0]).toBe(
    'GRUB was told to boot the entry "L4Ka::Pistachio pingpong" of the menu that is on the board.',
  )
})
