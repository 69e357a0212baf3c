import { expect, test } from 'vitest'
import { measurementTable } from './measurement-table.ts'

const measured = (benchmark: string, count: number, cycles: number) =>
  Array.from({ length: count }, (_, messageRegisters) => ({
    benchmark,
    messageRegisters,
    cycles: cycles + messageRegisters / 4,
    microseconds: 1,
  }))

const twoBenchmarks = [...measured('Inter-AS', 5, 9_000), ...measured('Intra-AS', 5, 800)]

test('blocks stand side by side as far as they fit', () => {
  expect(measurementTable(twoBenchmarks, 80).join('\n')).toBe(
    `
 MRs   Inter-AS   Intra-AS    MRs   Inter-AS   Intra-AS
   0    9000.00     800.00      3    9000.75     800.75
   1    9000.25     800.25      4    9001.00     801.00
   2    9000.50     800.50`.slice(1),
  )
  expect(measurementTable(twoBenchmarks, 40)).toHaveLength(6)
})

test('a benchmark that is repeated gets a column each time', () => {
  const [heading] = measurementTable(
    [...measured('Inter-AS', 2, 1), ...measured('Inter-AS', 2, 2)],
    40,
  )
  expect(heading).toBe(' MRs   Inter-AS   Inter-AS')
})

test('nothing measured is no table', () => {
  expect(measurementTable([], 80)).toEqual([])
})
