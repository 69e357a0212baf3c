import { expect, test } from 'vitest'
import type { Observer } from '../diagnosis/observer.ts'
import { isRunning, markAsRunning } from '../host/run-folder.ts'
import type { BootPlan } from './plan.ts'
import { RunRecord } from './record.ts'
import { folder, useRuns } from '../test-tools/runs.ts'

useRuns()

test('a boot of which no verdict can be made is over all the same', async () => {
  await markAsRunning(folder)
  expect(isRunning(folder)).toBe(true)
  const plan = {
    medium: { notes: [] },
    get machine(): never {
      throw new Error('whose tools?')
    },
  }
  const record = new RunRecord({
    ...{ plan: plan as object as BootPlan<string>, qemu: undefined },
    ...{ slowness: 1, folder, startedAt: '' },
  })
  const observer = { measurements: [], phases: () => [] }
  const conclusion = { uptime: 0, stops: [], answers: [], isExact: true, notes: [] }
  const judgement = { outcome: 'finished', summary: '' } as const
  await expect(
    record.conclude(judgement, observer as object as Observer, conclusion),
  ).rejects.toThrow('whose tools?')
  expect(isRunning(folder)).toBe(false)
})
