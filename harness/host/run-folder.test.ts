import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { smallDisk } from '../test-tools/small-disk.ts'
import { makeRunFolder } from './run-folder.ts'

test('where no folder can be made at all, it is said so', async () => {
  vi.stubEnv('BOOTSTAND_RUNS', '/proc/x')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(makeRunFolder('run')).rejects.toMatchObject({
    culprit: 'host',
    message: expect.stringMatching(
      /^Cannot write the run folder \/proc\/x\/\S+: no folder can be made there\. Make room/,
    ),
  })
})

test('a run folder is private: it holds copies of private files', async () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-private-'))
  vi.stubEnv('BOOTSTAND_RUNS', path.join(place, 'runs'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    fs.rmSync(place, { recursive: true })
  })
  expect(fs.statSync(await makeRunFolder('run')).mode & 0o777).toBe(0o700)
})

test('a disk without inodes is the host failure', async ({ skip }) => {
  const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-inodes-'))
  onTestFinished(() => fs.rmSync(disk, { recursive: true }))
  const unmount = smallDisk(disk, '1M', 1)
  skip(unmount === undefined, 'only the superuser may mount a disk')
  onTestFinished(() => unmount?.())
  vi.stubEnv('BOOTSTAND_RUNS', disk)
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(makeRunFolder('run')).rejects.toMatchObject({
    culprit: 'host',
    exitStatus: 3,
    message: expect.stringContaining(disk),
  })
})
