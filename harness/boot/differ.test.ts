import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { differ } from './differ.ts'
import { pistachio } from './pistachio.ts'
import { useRuns } from '../test-tools/runs.ts'

useRuns()

const options = { images: standInFolder, methods: ['direct', 'iso'], quiet: 1_500 } as const

test('addresses of modules and measured speeds are no difference', async () => {
  const told: string[] = []
  const onTrace = ({ method, end }: { method: string; end: string }) =>
    told.push(`${method}: ${end}`)
  const { partings } = await differ(pistachio({ rootTask: 'pingpong' }), { ...options, onTrace })
  expect(told).toEqual(['direct: root task, then silence', 'iso: root task, then silence'])
  expect(partings).toEqual([])
})

test('a boot that one medium cannot hold parts before its first line', async () => {
  const scenario = pistachio({ rootTask: 'pingpong', arguments: 'x'.repeat(1_500) })
  const { traces, partings } = await differ(scenario, options)
  expect(traces[1]).toMatchObject({
    method: 'iso',
    end: expect.stringMatching(
      /^refused: The menu line "module \/pingpong xx.* has 1517 characters/,
    ),
  })
  expect(partings).toEqual([
    {
      ...{ method: 'iso', isOutcome: true, line: 1 },
      ...{ expected: 'KickStart 0.13 (Bootstand stand-in)', found: undefined },
    },
  ])
})

test('what both print, but not alike, is shown at its line', async () => {
  const scenario = pistachio({ rootTask: 'pingpong', memory: 64 })
  // A disk's driver in the BIOS keeps 12 KiB of the memory for itself.
  const { partings } = await differ(scenario, { ...options, methods: ['direct', 'disk'] })
  expect(partings).toMatchObject([{ method: 'disk', isOutcome: false }])
  expect(partings[0]).toMatchObject({
    expected: expect.stringContaining('found  16M kmem (2fe0000-3fdffff)'),
    found: expect.stringContaining('found  16M kmem (2fdd000-3fdcfff)'),
  })
})
