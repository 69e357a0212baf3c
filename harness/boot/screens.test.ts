import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, test } from 'vitest'
import { menu } from '../formats/menu/builder.ts'
import { grubDisk } from '../testing/grub-disk.ts'
import { expect } from '../testing/index.ts'
import { bootDisk } from './boot-disk.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-screens-'))
  process.env['BOOTSTAND_RUNS'] = path.join(folder, 'runs')
})

afterEach(() => {
  delete process.env['BOOTSTAND_RUNS']
  fs.rmSync(folder, { recursive: true })
})

/** A menu of two entries, of which the second boots. */
const choice = (start = menu()) =>
  start
    .default(0)
    .timeout(30)
    .entry('Linux 2.4', (entry) => entry.root('(cd)').kernel('/missing'))
    .entry('L4Ka::Pistachio', (entry) => entry.root('(cd)').kernel('/kickstart'))

test("GRUB's menu on a serial port is chosen from, and the choice boots", async () => {
  const drawn = choice(
    menu()
      .serial({ unit: 0, speed: 115_200, word: 8, parity: 'no', stop: 1 })
      // Without `dumb` it draws.
      .terminal({ timeout: 0, terminals: ['serial'] }),
  )
  await using target = await bootDisk(await grubDisk(drawn, folder))
  const { com1 } = target
  const selected = async () => {
    const { lines, highlighted } = await com1.screen.look()
    return highlighted.map((row) => lines[row]!.trim())
  }
  await expect(com1).toShow('GNU GRUB  version 0.97')
  await expect(com1).toShow(/^ \| L4Ka::Pistachio +\|$/)
  await expect.poll(selected).toEqual([expect.stringContaining('Linux 2.4')])
  await com1.type('\x1b[B')
  await expect.poll(selected).toEqual([expect.stringContaining('L4Ka::Pistachio')])
  await expect(com1).toShow('Press enter to boot')
  await com1.type('\r')
  await expect(com1).toShow(/^KickStart [\d.]+/)
  await expect(com1.screen.text()).resolves.not.toContain('GNU GRUB')
})

test("GRUB's error ends a wait for its screen", async () => {
  const drawn = choice(
    menu()
      .serial({ unit: 0, speed: 115_200 })
      .terminal({ timeout: 0, terminals: ['serial'] }),
  )
  await using target = await bootDisk(await grubDisk(drawn, folder))
  await expect(target.com1).toShow('Linux 2.4')
  await target.com1.type('\r')
  await expect(expect(target.com1).toShow('KickStart')).rejects.toMatchObject({
    failure: 'stop',
    culprit: 'bootset',
    message: expect.stringContaining('│Error 15: File not found'),
  })
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'stopped', culprit: 'bootset' })
})
