import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bootDisk } from '../boot/boot-disk.ts'
import { talker } from '../test-tools/talker.ts'
import { readTimeline } from './timeline.ts'
import { folder, useRuns } from '../test-tools/runs.ts'

useRuns()

/** Twenty lines, in turn on three ports, faster than anybody looks. */
const turns = Array.from({ length: 20 }, (_, index) => {
  const port = (['com1', 'com2', 'debug'] as const)[index % 3]!
  return [port, `${index}\n`] as const
})

const bootTalker = async (order: 'exact' | undefined) => {
  const options = { consoles: ['com1', 'com2'], debugPort: 'debug', order } as const
  await using target = await bootDisk(talker(folder, turns), options)
  await target.waitForAll({ com1: '18', com2: '19', debug: '17' })
  await target.com1.type('x')
  const { runFolder } = await target.stop()
  return readTimeline(runFolder)
}

test('a traced run has its lines in the order in which the guest printed them', async () => {
  const { isExact, events } = await bootTalker('exact')
  expect(isExact).toBe(true)
  const printed = events.filter((it) => it.kind === 'printed' && /^\d+$/.test(it.text))
  expect(printed.map((it) => it.text)).toEqual(turns.map(([, text]) => text.trim()))
  expect(printed.every((it) => it.earliest === it.latest)).toBe(true)
})

test('without a trace only spans are known, and they hold what happened', async () => {
  const { isExact, events } = await bootTalker(undefined)
  expect(isExact).toBe(false)
  const sources = new Set(events.map((it) => it.source))
  expect([...sources].toSorted()).toEqual(['com1', 'com2', 'debug', 'phase', 'qmp'])
  const printed = events.filter((it) => it.kind === 'printed' && /^\d+$/.test(it.text))
  expect(printed).toHaveLength(20)
  expect(printed.every((it) => it.earliest < it.latest)).toBe(true)
  expect(events.find((it) => it.kind === 'typed')).toMatchObject({ source: 'com1', text: '"x"' })
  expect(events.find((it) => it.text === 'RESUME')?.latest).toBe(0)
})

test('of a line that came while nobody looked, the whole span is told', async () => {
  fs.writeFileSync(path.join(folder, 'herc.out'), '')
  const cast = [
    '{"version":2}',
    '[0.010,"o","one\\ntw"]',
    '[2.500,"m","not looked at since 0.011"]',
    '[2.500,"o","o\\nthree\\n"]',
  ]
  fs.writeFileSync(path.join(folder, 'herc.cast'), `${cast.join('\n')}\n`)
  const { events } = readTimeline(folder)
  expect(events.map(({ text, earliest, latest }) => [text, earliest, latest])).toEqual([
    ...[
      ['one', 7, 10],
      ['two', 7, 10],
    ],
    ['three', 11, 2500],
  ])
})
