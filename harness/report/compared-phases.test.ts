import { expect, test } from 'vitest'
import type { Verdict } from '../boot/verdict.ts'
import { comparePhases, comparisonLines } from './compared-phases.ts'

const boot = (phases: Readonly<Record<string, number>>): Verdict =>
  ({
    runFolder: 'runs/x',
    phases: Object.entries(phases).map(([name, duration]) => ({ name, reached: 0, duration })),
  }) as unknown as Verdict

test('a phase that is gone is missing, one that took long has grown', () => {
  const then = boot({ loader: 20, kernel: 1_000, init: 400, login: 90 })
  const now = boot({ loader: 60, kernel: 2_500, init: 410, shell: 7 })
  expect(comparisonLines(comparePhases(now, then))).toEqual([
    'loader               20 ms    60 ms',
    'kernel              1.00 s   2.50 s  grew, 2.5 times',
    'init                0.40 s   0.41 s',
    'login                90 ms        –  missing',
    'shell                    –     7 ms  new',
  ])
})
