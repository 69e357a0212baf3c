import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cacheFolder } from '../host/paths.ts'
import type { boot } from './boot.ts'
import { cachedCheckpoint } from './cached-checkpoint.ts'
import { pistachio } from './pistachio.ts'

test('a checkpoint that cannot be written leaves nothing in the cache', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-checkpoint-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const ours = path.basename(folder)
  fs.writeFileSync(path.join(folder, ours), '')
  // JSON has no such number.
  const checkpoint = async () => ({ folder, uptime: 1n })
  const target = { checkpoint, [Symbol.asyncDispose]: async () => {} }
  const bootBy = (async () => target) as unknown as typeof boot
  const reach = async () => {}
  const scenario = pistachio({ rootTask: 'pingpong' })
  const options = { method: 'direct' } as const
  await expect(cachedCheckpoint(scenario, 'odd', reach, options, bootBy)).rejects.toThrow('BigInt')
  const cache = path.join(cacheFolder, 'checkpoints')
  const left = fs.readdirSync(cache).filter((it) => fs.existsSync(path.join(cache, it, ours)))
  expect(left).toEqual([])
})
