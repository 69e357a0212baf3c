import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { writeVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { lastGoodRun } from './earlier-run.ts'
import { runs, useRuns } from '../test-tools/runs.ts'
import { sampleVerdict } from '../test-tools/sample-verdict.ts'

useRuns()

/** Keeps the verdict of a boot that began in a second of one minute. */
const keep = async (second: number, changes: Partial<Verdict> = {}): Promise<Verdict> => {
  const startedAt = `2026-11-21T12:00:${second}.000Z`
  const runFolder = path.join(runs, startedAt)
  const { board: _, ...onEmulator } = sampleVerdict
  const verdict: Verdict = { ...onEmulator, outcome: 'finished', startedAt, runFolder, ...changes }
  fs.mkdirSync(runFolder)
  await writeVerdict(verdict)
  return verdict
}

test('a test that boots twice is compared with an earlier run, not with itself', async () => {
  const earlier = await keep(10)
  const find = lastGoodRun('2026-11-21T12:00:20.000Z')
  const first = await keep(21)
  const second = await keep(22)
  expect(find(first)).toEqual(earlier)
  expect(find(second)).toEqual(earlier)
})

test('a boot on a board is compared with one on the same board', async () => {
  const same = await keep(10, { board: 'pc1' })
  await keep(11, { board: 'pc2' })
  const find = lastGoodRun('2026-11-21T12:00:20.000Z')
  expect(find(await keep(21, { board: 'pc1' }))).toEqual(same)
})

test('a field without a value is as one that the file lacks', async () => {
  const { cpu: _, ...machine } = sampleVerdict.machine!
  const earlier = await keep(10, { machine })
  const now = await keep(21, { machine })
  const find = lastGoodRun('2026-11-21T12:00:20.000Z')
  expect(find({ ...now, machine: { ...machine, cpu: undefined } })).toEqual(earlier)
})
