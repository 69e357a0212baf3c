import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cacheFolder } from '../host/paths.ts'
import { checkpointFiles } from '../target/checkpoint.ts'
import type { boot } from './boot.ts'
import { cachedCheckpoint } from './cached-checkpoint.ts'
import { assertSame, type Checkpoint } from './checkpoint.ts'
import { pistachio } from './pistachio.ts'
import { folder, runs, useRuns } from '../test-tools/runs.ts'

const pingpong = pistachio({ rootTask: 'pingpong' })
const options = { method: 'direct' } as const
const reach = async () => {}

useRuns()

/** Boots nothing, and returns a checkpoint with these fields. */
const bootFor = (fields: Partial<Checkpoint> = {}) =>
  vi.fn<() => Promise<object>>(async () => ({
    checkpoint: async (name: string): Promise<Checkpoint> => ({
      ...{ name, folder: runs, uptime: 1, isExact: false, consoles: {} },
      ...{ begins: 'kernel', holdsFor: {}, ...fields },
    }),
    [Symbol.asyncDispose]: async () => {},
  })) as unknown as typeof boot

test('a checkpoint of a kernel of which something else is known is another', async () => {
  fs.writeFileSync(path.join(runs, checkpointFiles.state), '')
  const bootBy = bootFor()
  const name = path.basename(folder)
  const of = async (begins: RegExp) => {
    const scenario = { ...pingpong, profile: { ...pingpong.profile, begins } }
    return await cachedCheckpoint(scenario, name, reach, options, bootBy)
  }
  const kept = [await of(/one/), await of(/one/), await of(/other/)]
  onTestFinished(() => kept.forEach((it) => fs.rmSync(it.folder, { recursive: true, force: true })))
  expect(kept[1]!.folder).toBe(kept[0]!.folder)
  expect(kept[2]!.folder).not.toBe(kept[0]!.folder)
  expect(bootBy).toHaveBeenCalledTimes(2)
})

test('a checkpoint that another run was quicker to keep is that of the other', async () => {
  fs.writeFileSync(path.join(runs, checkpointFiles.state), '')
  const name = path.basename(folder)
  const keep = async (uptime: number, before = async () => {}) => {
    const bootBy = bootFor({ uptime })
    return await cachedCheckpoint(pingpong, name, reach, options, async (...words) => {
      await before()
      return await bootBy(...words)
    })
  }
  let first: Checkpoint | undefined
  const second = await keep(2, async () => {
    first = await keep(1)
  })
  onTestFinished(() => fs.rmSync(second.folder, { recursive: true, force: true }))
  expect(first!.uptime).toBe(1)
  expect(second).toEqual(first)
})

test('one that is removed as soon as it is kept is told as one that is gone', async () => {
  fs.writeFileSync(path.join(runs, checkpointFiles.state), '')
  const name = path.basename(folder)
  const rename = vi.spyOn(fs.promises, 'rename').mockImplementationOnce(async (from) => {
    fs.rmSync(from, { recursive: true })
  })
  onTestFinished(() => rename.mockRestore())
  const bootBy = bootFor()
  const gone = await cachedCheckpoint(pingpong, name, reach, options, bootBy)
  expect(() => assertSame(gone, {})).toThrow(
    `The checkpoint ${name} is no longer in ${gone.folder}`,
  )
})

test('a checkpoint that cannot be written leaves nothing in the cache', async () => {
  const ours = path.basename(folder)
  fs.writeFileSync(path.join(runs, ours), '')
  // JSON has no such number.
  const bootBy = bootFor({ uptime: 1n as never })
  await expect(cachedCheckpoint(pingpong, 'odd', reach, options, bootBy)).rejects.toThrow('BigInt')
  const cache = path.join(cacheFolder, 'checkpoints')
  const left = fs.readdirSync(cache).filter((it) => fs.existsSync(path.join(cache, it, ours)))
  expect(left).toEqual([])
})
