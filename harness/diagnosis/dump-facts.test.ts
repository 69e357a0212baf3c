import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { dumpsIn } from '../dumps/dumps-in.ts'
import { dumpFacts } from './dump-facts.ts'

const recording = path.join(
  import.meta.dirname,
  '../../fixtures/recordings/fiasco/l4linux-jdb-asked.log',
)

test("of jdb's threads only the kernel's instruction is looked up: programs are linked alike", () => {
  const threads = dumpsIn(fs.readFileSync(recording, 'latin1')).filter(
    (it) => it.system === 'fiasco' && it.kind === 'thread',
  )
  const told = threads.map((it) => dumpFacts(it)[0])
  expect(told).toEqual([
    { name: 'instruction', at: { address: '0xf000ff84', ring: 0 } },
    { name: 'instruction', text: '0x0010444a, in task 31' },
    { name: 'instruction', text: expect.stringMatching(/^0x00[\da-f]{6}, in task 9$/) },
  ])
})
