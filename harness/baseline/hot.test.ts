import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import { hotReport } from './hot.ts'
import { incomparable } from './kept-run.ts'

test('a test may boot twice with other arguments, and is comparable with itself', () => {
  const runFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-hot-'))
  onTestFinished(() => fs.rmSync(runFolder, { recursive: true }))
  fs.writeFileSync(
    path.join(runFolder, 'hot.json'),
    '{ "schemaVersion": 1, "stretches": [{ "functions": [] }] }',
  )
  const runs = ['one', 'two'].map((words) => ({
    ...{ test: 'boots', runFolder, tools: [], consoles: { serial: ['herc'] } },
    images: [{ role: 'kernel', arguments: words }],
  }))
  const words = { scenario: 'mine', from: 'a', to: 'b' }
  const report = hotReport(words, runs as object[] as Verdict[])
  expect(report.boots.map((it) => it.test)).toEqual(['boots', 'boots (2)'])
  expect(incomparable(report, report)).toBeUndefined()
})
