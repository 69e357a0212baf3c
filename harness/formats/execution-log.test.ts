import { expect, test } from 'vitest'
import { executedIn, ExecutionReader, type CountedStretch } from './execution-log.ts'
import { executes, prints } from '../test-tools/execution-log.ts'

const addresses = ({ executed }: CountedStretch) => executed.map(({ address }) => address)

test('a whole line may begin or end the stretch, which is not waited for without end', () => {
  const log = [
    executes('00400100', 3) + prints('IPC 1 M'),
    executes('00400200', 3) + prints('Rs\n\r'),
    executes('00400300', 3) + prints('IPC\n\rIPC 2 MRs\r'),
    executes('00400400', 3) + prints('\n'),
  ].join('')
  const ends = { from: /^IPC \d MRs$/, to: /^IPC \d MRs$/ }
  const reader = new ExecutionReader(ends)
  reader.read(log)
  expect(reader.stretches).toEqual([])
  reader.awake()
  reader.read(log)
  expect(reader.stretches.map(addresses)).toEqual([[0x400300, 0x400400]])
  // There is one.
  reader.awake()
  expect(reader.rests).toBe(true)

  const hasty = new ExecutionReader({ ...ends, within: 3 })
  hasty.awake()
  hasty.read(log)
  expect([hasty.rests, hasty.stretches]).toEqual([true, []])
  hasty.awake()
  expect(hasty.rests).toBe(false)
})

test('each benchmark has a stretch, the first behind a key', () => {
  const run = (benchmark: string, address: string) =>
    [
      prints(`Benchmarking ${benchmark} IPC...\n`),
      ...['00', '01', '02'].map((it) => executes(`${address}${it}`, 3) + prints('IPC 1 MRs\n')),
    ].join('')
  const reader = new ExecutionReader({
    heading: /^Benchmarking (?<benchmark>\S+) IPC/,
    ...{ from: /^IPC /, to: /^IPC / },
  })
  // Of a benchmark whose heading came before the key nobody knows the name.
  reader.awake()
  reader.read(prints('IPC 1 MRs\n') + executes('00400000', 3) + prints('IPC 2 MRs\n'))
  for (const [name, address] of [
    ['Inter', '004001'],
    ['Intra', '004002'],
    ['Inter', '004003'],
  ] as const) {
    reader.awake()
    reader.read(run(name, address) + run('unseen', '004004'))
    expect(reader.rests).toBe(true)
  }
  expect(reader.stretches.map((it) => [it.benchmark, addresses(it)])).toEqual([
    ['Inter', [0x400101]],
    ['Intra', [0x400201]],
    ['Inter', [0x400301]],
  ])
})

test('instructions count from the byte that ends one text to the byte that ends the other', () => {
  const log = [
    executes('00400100', 3) + prints('b then a'),
    executes('00400200', 3),
    // Its interrupt comes first; then it is executed.
    executes('00400204', 3) + 'Stopped execution of TB chain before 0x7fd0781a3d00 [00400204] \n',
    executes('f0101000', 0) + executes('00400204', 3) + executes('00400200', 3),
    `${prints('nob')}${executes('00400300', 3)}${prints('ab')}`,
  ].join('')
  // In pieces of any size.
  for (const size of [7, log.length]) {
    const reader = new ExecutionReader({ from: 'a', to: 'b' })
    reader.awake()
    for (let at = 0; at < log.length; at += size) reader.read(log.slice(at, at + size))
    expect(reader.stretches).toEqual([
      {
        executed: [
          { address: 0x400200, ring: 3, count: 2 },
          { address: 0x400204, ring: 3, count: 1 },
          { address: 0xf0101000, ring: 0, count: 1 },
        ],
      },
    ])
  }
})

test('what is begun anew, or raises an exception in a replay, is no instruction of a trace', () => {
  const again = (address: string, flags: string) =>
    `Trace 0: 0x7fd0781a3d00 [00000000/${address}/000030b0/${flags}] \n`
  const log = [
    executes('00400100', 3) + executes('f0117646', 0) + again('f0117646', 'ff038201'),
    again('f0117649', 'ff100201'),
    executes('f0117649', 0) + 'Stopped execution of TB chain before 0x7fd0781a3d00 [f0117649] \n',
    executes('f0117649', 0),
  ].join('')
  expect(executedIn(log)).toEqual([
    { address: 0x400100, digits: '00400100', ring: 3 },
    { address: 0xf0117646, digits: 'f0117646', ring: 0 },
    { address: 0xf0117649, digits: 'f0117649', ring: 0 },
  ])
})
