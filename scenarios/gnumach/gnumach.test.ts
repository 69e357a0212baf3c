import fs from 'node:fs'
import { expect, test } from 'bootstand/testing'
import { crashReports, ddbOn } from 'bootstand'
import gnumach from './gnumach.ts'

/** QEMU's own loader passes no symbols on. */
const method = 'disk'

/** It looks for SCSI controllers at sixteen places first. */
const boots = { within: 30_000 }

test('ddb answers with data', async ({ boot }) => {
  const target = await boot(gnumach, { method })
  const ddb = ddbOn(target.com1)
  await ddb.stopped(boots)
  const { ip, registers } = await ddb.frame()
  expect(ip).toMatchObject({ symbol: 'Debugger' })
  const threads = await ddb.threads()
  expect(threads.length).toBeGreaterThan(4)
  expect(threads.every(({ name, ready }) => name === 'gnumach' && ready === true)).toBe(true)
  const { id } = threads[3]!
  await expect(ddb.thread(id)).resolves.toMatchObject({ number: 3, thread: id })
  // int3, by which a panic enters ddb.
  const { words } = await ddb.memory(Number(registers['eip']))
  expect(Number(words[0]) & 0xff).toBe(0xcc)
  // ddb survives a fault of its own, and shows long answers by pages.
  await expect(ddb.memory(0xdead_0000)).rejects.toThrow('Caught Page fault')
  const { text } = await ddb.command('x/i Debugger,40')
  expect(text.split('\n').length).toBeGreaterThan(60)
  expect(text).not.toContain('db_more')
  await expect(ddb.enter()).rejects.toThrow('is not entered from outside')
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'expected-panic' })
})

test('its panic ends a wait, is asked about and explained', async ({ boot }) => {
  const target = await boot(gnumach, { method })
  await expect(target.com1.waitFor('login:', boots)).rejects.toThrow(
    'GNU Mach panicked in bootstrap_create: No bootstrap code loaded with the kernel!',
  )
  const { outcome, culprit, interrogation } = await target.stop()
  expect({ outcome, culprit }).toEqual({ outcome: 'crashed', culprit: 'guest' })
  expect(interrogation).toEqual([
    expect.stringMatching(/^call-trace: called by Debugger.*, Panic.*, bootstrap_create/),
    expect.stringMatching(/^registers: registers at Debugger/),
    expect.stringMatching(/^threads: \d+ threads of gnumach/),
    expect.stringMatching(/^memory: 64 words/),
  ])
  const log = fs.readFileSync(target.com1.transcript.path, 'latin1')
  const [crash] = crashReports(log, { files: target.files })
  expect(crash).toMatchObject({
    title: 'GNU Mach: No bootstrap code loaded with the kernel! in bootstrap_create',
    where: { named: 'bootstrap_create' },
  })
})
