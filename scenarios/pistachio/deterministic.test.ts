import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { expect, test } from 'bootstand/testing'
import { baselineOf, parseBaseline, type Baseline } from '../../harness/baseline/baseline.ts'
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

test('pingpong measures the same numbers as on the machine that saved its baseline', async ({
  boot,
  skip,
}) => {
  const file = path.join(import.meta.dirname, 'pingpong.baseline.json')
  const saved = parseBaseline(fs.readFileSync(file, 'utf8')) as Baseline
  const target = await boot(pingpong, { method: 'direct', profile: 'deterministic' })
  for (const key of ['1', '2']) {
    await expect(target.herc).toPrint('s: print SQLite table')
    await target.herc.type(key)
    await expect(target.herc).toPrint('ESC - Enter KDB')
    await target.herc.type('q')
  }
  const measured = baselineOf(saved.scenario, [await target.stop()])
  const [[then], [now]] = [saved.boots, measured.boots]
  const { qemu } = saved
  skip(measured.qemu !== qemu, `the baseline holds for QEMU ${qemu}`)
  const others = Object.keys(now!.images).filter(
    (it) => now!.images[it]!.sha256 !== then!.images[it]!.sha256,
  )
  const what = `the baseline is of another ${others.join(' and ')}: made by another compiler, or changed since`
  skip(others.length > 0, what)
  expect([now!.options, now!.images]).toEqual([then!.options, then!.images])
  expect(now!.costs).toEqual(then!.costs)
  // What a test says itself, no command line changes.
  expect([then!.method, now!.method]).toEqual(['direct', undefined])
})

test('a key that comes when the guest no longer stands still for it is said to be late', async ({
  boot,
}) => {
  // On a slow host it stands still for longer.
  vi.stubEnv('BOOTSTAND_SLOWNESS', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const target = await boot(pingpong, { method: 'direct', profile: 'deterministic' })
  await expect(target.herc).toPrint('s: print SQLite table')
  await target.herc.staysQuiet(4_000)
  await target.herc.type('1')
  await expect(target.herc).toPrint('ESC - Enter KDB')
  expect((await target.stop()).isExact).toBe(false)
})

test('a guest that stands still to read a key waits for input; keys are noted when they are given', async ({
  boot,
}) => {
  const target = await boot(pingpong, { method: 'direct', profile: 'deterministic' })
  await expect(target.herc).toPrint('s: print SQLite table')
  await expect(target.herc.waitFor('never', { within: 500 })).rejects.toThrow(
    /The guest waits for input: .* 1 of 1 samples at 0x[\da-f]+ \(pingpong, \w+\+0x0\)/,
  )
  await target.herc.type('1q')
  await expect(target.herc).toPrint('IPC (63 MRs)')
  await target.stop()
  const cast = fs.readFileSync(path.join(target.runFolder, 'herc.cast'), 'utf8')
  const events = cast.trim().split('\n').slice(1)
  const typed = events.findIndex((it) => /"i", *"1"/.test(it))
  const before = events.slice(0, typed).join('')
  expect(before).toContain('SQLite')
  expect(before).not.toContain('MRs')
})
