import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findStop } from '../console/stop.ts'
import { plainText } from '../core/text.ts'
import { fiascoProfile } from './fiasco.ts'

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings')

/** What the profile sees in a recording, in the order of its lines. */
const seenIn = (name: string): string[] => {
  const lines = fs.readFileSync(path.join(recordings, `${name}.log`), 'latin1').split('\n')
  return lines.flatMap((line) => {
    const text = plainText(line.replaceAll('\r', ''))
    const reached = fiascoProfile.milestones.filter(({ pattern }) => pattern.test(text))
    const stop = findStop(line, fiascoProfile.stops, () => [])
    return [...reached.map(({ phase }) => phase), ...(stop === undefined ? [] : [stop.id])]
  })
}

const phases = ['bootstrap', 'kernel', 'sigma0', 'root task']
// Early output has its first line, and so has what was kept back until there was a console.
const kept = ['L4Linux', 'Linux', 'Linux']
const mounted = [...kept, 'ramdisk', 'root file system', 'init']

test.for([
  ['fiasco/hello-2026', phases],
  ['fiasco/l4linux-run-grub', [...phases, ...mounted]],
  ['fiasco/l4linux-jdb', [...phases, ...mounted, 'kernel-debugger-request']],
  ['l4linux/noroot', [...phases, ...kept, 'linux-no-root', 'linux-no-root']],
  ['l4linux/badrd', [...phases, ...kept, 'linux-no-root', 'linux-no-root']],
  ['l4linux/nocons', [...phases, 'L4Linux', 'Linux']],
] as const)('%s', ([name, expected]) => {
  expect(seenIn(name)).toEqual(expected)
})
