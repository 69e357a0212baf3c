import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readTimeline } from '../evidence/timeline.ts'
import { boot } from './boot.ts'
import { cachedCheckpoint } from './cached-checkpoint.ts'
import { readHot } from '../run-folder/hot-file.ts'
import { pistachio } from './pistachio.ts'
import type { Target } from './target.ts'
import { folder, useRuns } from '../test-tools/runs.ts'

const pingpong = pistachio({ rootTask: 'pingpong' })
const menu = 's: print SQLite table'

useRuns()

const transcript = ({ runFolder }: Target<'herc'>): string =>
  fs.readFileSync(path.join(runFolder, 'herc.out'), 'latin1')

test('two boots go on from one checkpoint, each with a transcript of its own', async () => {
  await using parent = await boot(pingpong, { method: 'direct' })
  await parent.herc.waitFor(menu)
  const checkpoint = await parent.checkpoint('menu')
  const shown = transcript(parent)
  const fork = async () => await boot(pingpong, { method: 'direct', from: checkpoint })
  await using first = await fork()
  await using second = await fork()
  expect(await first.herc.screen.text()).toContain(menu)
  // Keys may follow at once: the parent has awaited the menu.
  await first.herc.type('1')
  await second.herc.type('2')
  await parent.herc.type('3')
  await first.herc.waitFor('Benchmarking Inter-AS IPC')
  await second.herc.waitFor('Benchmarking Intra-AS IPC')
  await parent.herc.waitFor('What now?')
  expect(transcript(first).startsWith(shown)).toBe(true)
  expect(transcript(parent)).not.toContain('Inter-AS IPC')
  const verdict = await first.stop()
  expect([verdict.outcome, verdict.from]).toEqual(['finished', checkpoint.folder])
  expect(fs.existsSync(path.join(first.runFolder, 'ports'))).toBe(false)
  const { events } = readTimeline(first.runFolder)
  expect(events).toContainEqual({
    ...{ earliest: 0, latest: 0, source: 'herc', kind: 'marked' },
    text: 'goes on from the checkpoint menu',
  })
})

test('cases from one checkpoint print the same bytes, in machines of their own and in one', async () => {
  const counted = { from: 'IPC ( 0 MRs)', to: 'IPC ( 1 MRs)' }
  const options = { method: 'direct', profile: 'deterministic', counted } as const
  await using parent = await boot(pingpong, options)
  await parent.herc.waitFor(menu)
  const checkpoint = await parent.checkpoint('menu')
  const measure = async (target: Target<'herc'>) => {
    const { size } = target.herc.transcript
    await target.herc.type('1')
    await target.herc.waitFor('ESC - Enter KDB')
    return transcript(target).slice(size, transcript(target).lastIndexOf('ESC - Enter KDB'))
  }
  // What is counted does not go through a return.
  await parent.herc.type('1')
  await parent.herc.waitFor('IPC ( 0 MRs)')
  await parent.restore(checkpoint)
  const usual = await measure(parent)
  await using fork = await boot(pingpong, { ...options, from: checkpoint })
  expect(await measure(fork)).toBe(usual)
  for (let round = 0; round < 3; round++) {
    await parent.restore(checkpoint)
    expect(await parent.herc.screen.text()).not.toContain('What now?')
    expect(await measure(parent)).toBe(usual)
  }
  expect((await parent.stop()).isExact).toBe(true)
  const verdict = await fork.stop()
  expect([verdict.isExact, verdict.measurements.length]).toEqual([true, 64])
  expect(readHot(fork.runFolder)).toHaveLength(1)
  expect(readHot(parent.runFolder)).toEqual(readHot(fork.runFolder))
})

test('a checkpoint that was made before spares the boot', async () => {
  let boots = 0
  const reach = async ({ herc }: Target<'herc'>) => {
    boots++
    await herc.waitFor(menu)
  }
  // Of no other run: the cache outlives this test.
  const name = `menu-${path.basename(folder)}`
  const options = { method: 'direct' } as const
  const make = async () => await cachedCheckpoint(pingpong, name, reach, options)
  const first = await make()
  try {
    expect(await make()).toEqual(first)
    expect(boots).toBe(1)
    // One that was damaged is made anew.
    fs.truncateSync(path.join(first.folder, 'herc.out'), 100)
    expect(await make()).toEqual({ ...first, uptime: expect.any(Number) as number })
    expect(boots).toBe(2)
    await using fork = await boot(pingpong, { ...options, from: first })
    await fork.herc.type('1')
    await fork.herc.waitFor('Benchmarking Inter-AS IPC')
  } finally {
    fs.rmSync(first.folder, { recursive: true })
  }
})

test('a checkpoint that does not fit is refused in a sentence', async () => {
  await using parent = await boot(pingpong, { method: 'direct' })
  await parent.herc.waitFor(menu)
  // Nobody can write there. What one leaves behind that could not be kept must not spoil the next.
  const nowhere = path.join(parent.runFolder, 'checkpoints/menu')
  fs.mkdirSync(path.dirname(nowhere))
  fs.symlinkSync('/dev/null/none', nowhere)
  await expect(parent.checkpoint('menu')).rejects.toThrow('ENOTDIR')
  const checkpoint = await parent.checkpoint('menu')
  await expect(parent.checkpoint('menu')).rejects.toThrow(
    'Expected a name that no checkpoint of this boot has, found "menu"',
  )
  const other = pistachio({ rootTask: 'pingpong', memory: 48 })
  await expect(boot(other, { method: 'direct', from: checkpoint })).rejects.toThrow(
    'found another machine',
  )
  const gone = { ...checkpoint, folder: `${checkpoint.folder}-gone` }
  await expect(boot(pingpong, { method: 'direct', from: gone })).rejects.toThrow(
    'The checkpoint menu is no longer in ',
  )
  await using stranger = await boot(pingpong, { method: 'disk' })
  await expect(stranger.checkpoint('menu')).rejects.toThrow('Boot by direct or iso.')
  const booted = () => Promise.reject(new Error('it has booted'))
  await expect(cachedCheckpoint(pingpong, 'menu', booted, { method: 'floppy' })).rejects.toThrow(
    'found method floppy: a checkpoint holds memory and devices only. Boot by direct or iso.',
  )
  await expect(stranger.restore(checkpoint)).rejects.toThrow('boot(scenario, { from: checkpoint })')
})
