import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holderOf, tryLock } from './lock.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-locks-'))
  process.env['BOOTSTAND_LOCKS'] = folder
})

afterEach(() => {
  delete process.env['BOOTSTAND_LOCKS']
  fs.rmSync(folder, { recursive: true })
})

test('a lock whose holder cannot be written down is given back', async () => {
  // Whoever opens it may have it, and nothing fits in.
  fs.symlinkSync('/dev/full', path.join(folder, 'pc1.lock'))
  await expect(tryLock('pc1', 'a test')).rejects.toThrow('pc1.lock, cannot be written (ENOSPC).')
  await expect(holderOf('pc1')).resolves.toBeUndefined()
})

test('a lock is one user’s, told by its file, until it is given back', async () => {
  const lock = await tryLock('pc1', 'a test')
  await expect(tryLock('pc1', 'another')).resolves.toBeUndefined()
  await expect(holderOf('pc1')).resolves.toMatchObject({ purpose: 'a test', process: process.pid })
  await lock!.release()
  await expect(holderOf('pc1')).resolves.toBeUndefined()
})
