import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'bootstand/testing'
import pingpong from './pingpong.ts'

test('pingpong prints the same bytes each time when its clock is its instructions', async ({
  boot,
}) => {
  const once = async () => {
    const target = await boot(pingpong, { method: 'direct', profile: 'deterministic' })
    await expect(target.herc).toPrint('s: print SQLite table')
    await target.herc.type('1')
    await expect(target.herc).toPrint('ESC - Enter KDB')
    const { profile, isExact, measurements } = await target.stop()
    expect([profile, isExact, measurements.length]).toEqual(['deterministic', true, 64])
    return fs.readFileSync(path.join(target.runFolder, 'herc.out'), 'latin1')
  }
  expect(await once()).toBe(await once())
})

test('a key that comes when the guest no longer stands still for it is said to be late', async ({
  boot,
}) => {
  const target = await boot(pingpong, { method: 'direct', profile: 'deterministic' })
  await expect(target.herc).toPrint('s: print SQLite table')
  await target.herc.staysQuiet(4_000)
  await target.herc.type('1')
  await expect(target.herc).toPrint('ESC - Enter KDB')
  expect((await target.stop()).isExact).toBe(false)
})
