import { expect, test } from 'vitest'
import type { PairedCost } from './baseline.ts'
import { changeLines } from './changed-costs.ts'

/** 64 costs, each of which changes by what its size makes of it. */
const series = (benchmark: string, change: (size: number) => number): PairedCost[] =>
  Array.from({ length: 64 }, (_, size) => ({
    test: 'prints',
    name: `${benchmark}, messageRegisters ${size}`,
    before: 231.25 + size,
    after: 231.25 + size + change(size),
  }))

const shown = (costs: readonly PairedCost[]) => `${changeLines(costs).join('\n')}\n`

test('sizes that changed alike share a row, and a bar shows each', () => {
  const alike = series('Inter-AS', (size) => (size % 16 === 3 ? 0.875 : 1.125))
  const parted = series('Intra-AS', (size) => (size < 8 ? -3 : size > 40 ? 5 : 0))
  expect(shown([...alike, ...series('XCPU', () => 0), ...parted])).toBe(`
Inter-AS by messageRegisters: 64 of 64 changed
  more  ███▇███████████████▇███████████████▇███████████████▇████████████
        0               16              32              48                █ = 1.13
  0–63 231.25 … 294.25 → 232.38 … 295.38   +0.88 to +1.13   mean +1.11

Intra-AS by messageRegisters: 31 of 64 changed
  more  ·········································███████████████████████
  less  ▅▅▅▅▅▅▅▅························································
        0               16              32              48                █ = 5.00
    0–7 231.25 … 238.25 → 228.25 … 235.25   -3.00
  41–63 272.25 … 294.25 → 277.25 … 299.25   +5.00
`)
})

test('a size that stays as it is does not part neighbours that hardly change', () => {
  const lines = changeLines(series('Inter-AS', (size) => (size % 3 === 1 ? 0.25 : 0)))
  expect(lines.at(-1)).toBe(
    '  1–61 232.25 … 292.25 → 232.50 … 292.50   +0.00 to +0.25   mean +0.09',
  )
})

test('where the cost grows with the size, rows are for some sizes', () => {
  expect(shown(series('Inter-AS', (size) => size))).toBe(`
Inter-AS by messageRegisters: 63 of 64 changed
  more  ·▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▃▃▃▃▃▃▃▃▄▄▄▄▄▄▄▄▅▅▅▅▅▅▅▅▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇████████
        0               16              32              48                █ = 63.00
   1 232.25 → 233.25    +1.00
  10 241.25 → 251.25   +10.00
  19 250.25 → 269.25   +19.00
  28 259.25 → 287.25   +28.00
  36 267.25 → 303.25   +36.00
  45 276.25 → 321.25   +45.00
  54 285.25 → 339.25   +54.00
  63 294.25 → 357.25   +63.00
  … and 55 others, all by --json
`)
})

test('what was measured on one side only is counted', () => {
  const [first, ...others] = series('Inter-AS', () => 0)
  const { after: _, ...gone } = first!
  const { before: __, ...come } = first!
  expect(shown([gone, ...others])).toBe('\nInter-AS by messageRegisters: 1 of 64 gone\n')
  expect(shown([{ ...come, name: 'Faults' }])).toBe('\nFaults: new\n')
  const single = { test: 'prints', name: 'Faults', before: 1, after: 2 }
  const again = { ...single, test: 'prints again' }
  expect(shown([single])).toBe('\nFaults: changed\n   1.00 → 2.00   +1.00\n')
  expect(shown([single, again])).toContain('prints again: Faults: changed')
})
