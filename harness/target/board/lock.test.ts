import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holderOf, tryLock } from './lock.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-locks-'))
  file = path.join(folder, 'bootstand-pc1.lock')
  process.env['BOOTSTAND_LOCKS'] = folder
})

afterEach(() => {
  delete process.env['BOOTSTAND_LOCKS']
  fs.rmSync(folder, { recursive: true })
})

const refused = { code: 'BOOTSTAND_BOARD_LOCK', exitStatus: 3 }

test('a lock is one user’s, named in its file, until it is released', async () => {
  const lock = await tryLock('pc1', 'a test')
  await expect(tryLock('pc1', 'another')).resolves.toBeUndefined()
  await expect(holderOf('pc1')).resolves.toMatchObject({ purpose: 'a test', process: process.pid })
  await lock!.release()
  await expect(holderOf('pc1')).resolves.toBeUndefined()
})

test.each([
  ['a link', (victim: string) => fs.symlinkSync(victim, file)],
  ['another name of a file', (victim: string) => fs.linkSync(victim, file)],
])('a lock that is %s is rejected, and nothing is written', async (_, make) => {
  const victim = path.join(folder, 'victim')
  fs.writeFileSync(victim, 'mine', { mode: 0o600 })
  make(victim)
  await expect(tryLock('pc1', 'a test')).rejects.toMatchObject(refused)
  await expect(holderOf('pc1')).rejects.toMatchObject(refused)
  expect(fs.readFileSync(victim, 'utf8')).toBe('mine')
  expect(fs.statSync(victim).mode & 0o777).toBe(0o600)
})

test('a folder in which others could replace a lock is rejected, and left as it is', async () => {
  fs.chmodSync(folder, 0o777)
  await expect(tryLock('pc1', 'a test')).rejects.toMatchObject(refused)
  expect(fs.statSync(folder).mode & 0o7777).toBe(0o777)
  const link = path.join(folder, 'link')
  fs.symlinkSync('/run/lock', link)
  process.env['BOOTSTAND_LOCKS'] = link
  await expect(tryLock('pc1', 'a test')).rejects.toMatchObject(refused)
})

test('what a holder says of itself is one harmless line', async () => {
  const lock = await tryLock('pc1', 'a test\x1b]52;c;AA\x07\n\u202e')
  const { purpose } = (await holderOf('pc1'))!
  expect(purpose).toBe('a test␛]52;c;AA␇ \ufffd')
  fs.writeFileSync(file, '{"user": 1}')
  await expect(holderOf('pc1')).resolves.toMatchObject({ process: 0 })
  await lock!.release()
})
