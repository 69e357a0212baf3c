import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import { baselineOf } from './baseline.ts'

test('functions stand under the run of a benchmark in which they were counted', () => {
  const runFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-baseline-'))
  onTestFinished(() => fs.rmSync(runFolder, { recursive: true }))
  const stretches = [
    { benchmark: 'A', run: 1, functions: [] },
    { benchmark: 'B', run: 2, functions: [] },
  ]
  fs.writeFileSync(
    path.join(runFolder, 'hot.json'),
    JSON.stringify({ schemaVersion: 1, stretches }),
  )
  const measurements = ['A', 'B', 'B'].map((benchmark) => ({ benchmark, cycles: 80 }))
  const run = {
    ...{ test: 'measures', runFolder, measurements },
    tools: [],
    consoles: { serial: ['herc'] },
    images: [],
  }
  const [boot] = baselineOf('mine', [run as object as Verdict]).boots
  expect(boot!.costs.map(({ name }) => name)).toEqual(['A', 'B', 'B (2)'])
  expect(Object.keys(boot!.functions)).toEqual(['A', 'B (2)'])
})
