import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { boot } from './boot.ts'
import { pistachio } from './pistachio.ts'
import { runs, useRuns } from '../test-tools/runs.ts'

useRuns()

const spin = pistachio({ rootTask: 'rt-spin', processors: 3 })

test('what each of several processors does is told, also by hand', async () => {
  await using target = await boot(spin, { method: 'direct' })
  await target.herc.waitFor('spinning')
  // The stand-in starts none but the first.
  await expect(target.herc.waitFor('never', { within: 1_200 })).rejects.toThrow(
    /The guest spins on processor 0: processor 0 in \d\d of \d\d samples at 0x00400[\da-f]{3}(?:\.\.0x00400[\da-f]{3})? \(rt-spin, main\+0x[\da-f]+\); processors 1, 2 not started by the guest, in (?<all>\d\d) of \k<all> samples at hlt at 0x000f/,
  )
  const verdict = await target.stop()
  expect(verdict).toMatchObject({ outcome: 'spinning', culprit: 'guest' })
  expect(verdict.evidence!.places).toContainEqual(
    expect.objectContaining({ processor: 0, places: [expect.stringContaining('rt-spin, main')] }),
  )
  expect(fs.readFileSync(path.join(target.runFolder, 'qemu.sh'), 'utf8')).toContain(' -smp 3 ')
})

test.for(['deterministic', 'record'] as const)('several are refused under %s', async (profile) => {
  await expect(boot(spin, { profile })).rejects.toThrow(
    `Expected one processor for the profile ${profile}, found 3: `,
  )
  expect(fs.readdirSync(runs)).toEqual([])
})
