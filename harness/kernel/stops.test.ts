import { expect, test } from 'vitest'
import { fiascoProfile } from './fiasco.ts'
import { firmwareStops } from './firmware.ts'
import { gnumachProfile } from './gnumach.ts'
import { grubStops } from './grub.ts'
import { l4linuxProfile } from './l4linux.ts'
import { xenProfile } from './xen.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'

const profiles = [l4linuxProfile, fiascoProfile, gnumachProfile, xenProfile]
const patterns = [
  ...[...firmwareStops, ...grubStops()].map(({ pattern }) => pattern),
  ...profiles.flatMap(({ stops, milestones }) =>
    [...stops, ...milestones].map(({ pattern }) => pattern),
  ),
  ...l4linuxProfile.measurements.flatMap(({ heading, line }) => [heading, line]),
]

const fills = [
  'x',
  'x ',
  ' ',
  '-',
  '.',
  'a.',
  '(',
  '/',
  '--- "',
  '\x1b[1m',
  '(http://ipxe.org/',
  'RAMDISK: ',
]

/** Every line of a console is searched for them, also one that a broken guest never ends. */
test.for(patterns)('%s takes no time for a long line', async (pattern) => {
  for (const fill of fills) {
    const line = fill.repeat(262_144 / fill.length)
    const time = await processorTimeOf(() => pattern.exec(line))
    expect(time, JSON.stringify(fill)).toBeLessThan(200)
  }
})
