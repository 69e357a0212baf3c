import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { verdictName } from '../boot/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { lastGoodRun } from './earlier-run.ts'
import { runs, useRuns } from '../test-tools/runs.ts'

useRuns()

/** Keeps the verdict of a boot that began in a second of one minute. */
const keep = (second: number, changes: Partial<Verdict> = {}): Verdict => {
  const startedAt = `2026-11-21T12:00:${second}.000Z`
  const verdict = {
    ...{ scenario: 'mine', test: 'prints', outcome: 'finished', summary: '', method: 'iso' },
    ...{ guests: 'stand-ins', images: [], stops: [], phases: [], interrogation: [], tools: [] },
    ...{ command: [], consoles: { serial: ['com1'] }, startedAt, ...changes },
  } as unknown as Verdict
  fs.mkdirSync(path.join(runs, startedAt))
  fs.writeFileSync(path.join(runs, startedAt, verdictName), JSON.stringify(verdict))
  return verdict
}

test('a test that boots twice is compared with an earlier run, not with itself', () => {
  const earlier = keep(10)
  const find = lastGoodRun('2026-11-21T12:00:20.000Z')
  const first = keep(21)
  const second = keep(22)
  expect(find(first)).toEqual(earlier)
  expect(find(second)).toEqual(earlier)
})

test('a boot on a board is compared with one on the same board', () => {
  const same = keep(10, { board: 'pc1' })
  keep(11, { board: 'pc2' })
  const find = lastGoodRun('2026-11-21T12:00:20.000Z')
  expect(find(keep(21, { board: 'pc1' }))).toEqual(same)
})
