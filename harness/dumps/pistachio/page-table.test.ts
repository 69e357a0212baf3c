import { expect, test } from 'vitest'
import { dumpsIn } from '../dumps-in.ts'
import { pageAt, type PageTable } from './page-table.ts'

/** What KDB prints when it is asked for a part of a page table. */
const table = (from: string, to: string, ...entries: string[]): PageTable => {
  const text = [
    'start address [00000000]: ' + from,
    'end address [00000000]: ' + to,
    ...entries,
    '> ',
  ].join('\n')
  const [dump] = dumpsIn(text)
  return dump as PageTable
}

const pages = [
  'bfc00000 [00166027]: tree=f0166000',
  'bff00000 [00130025]:   phys=00130000 map=bff00000   4KB r~~ (R~X) userWB',
]

test.for([
  [
    table('bfc00000', 'c0000000', ...pages),
    0xbff0_0ffc,
    /^read-only, the program's: a page of 4KB/,
  ],
  [table('bfc00000', 'c0000000', ...pages), 0xbff0_1000, /^not mapped$/],
  [table('00000000', '00400000'), 4, /^not mapped$/],
  [table('ffc00000', '00000000'), 0xffff_fffc, /^not mapped$/],
] as const)('what it says of an address, %#', ([asked, address, words]) => {
  expect(pageAt(asked, address)).toMatch(words)
})

test('it says nothing of what it was not asked for', () => {
  expect(pageAt(table('00000000', '00400000'), 0x50_0000)).toBeUndefined()
})
