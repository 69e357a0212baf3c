import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Console } from '../console/console.ts'
import { Transcript } from '../console/transcript.ts'
import type { WaitError } from '../console/wait-error.ts'
import { investigate } from '../diagnosis/investigate.ts'
import { Observer } from '../diagnosis/observer.ts'
import { fiascoProfile } from '../kernel/fiasco.ts'
import { linuxProfile } from '../kernel/linux.ts'
import type { Machine } from '../target/target.ts'
import { judge } from './verdict.ts'

const recordings = path.join(import.meta.dirname, '../../fixtures/recordings')

let folder: string

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-verdicts-'))
})

afterAll(() => fs.rmSync(folder, { recursive: true }))

/** A machine that idles, as one does whose Linux waits for somebody. */
const idle = (consoles: Machine['consoles']): Pick<Machine, 'examine' | 'consoles' | 'vga'> => ({
  consoles,
  vga: { look: async () => await Promise.reject(new Error('not recorded')) } as never,
  examine: async () => ({
    samples: Array.from({ length: 32 }, () => ({
      processor: 0,
      address: 0xf0101a12,
      ring: 0,
      halted: true,
      interruptsOn: true,
    })),
    status: 'running',
    process: 'S',
    took: 150,
    span: 140,
    emulatorTime: undefined,
    withheld: { waited: 0, throttled: 0, stolen: 0 },
    interrupts: undefined,
    freeSpace: undefined,
  }),
})

const switchedOff = { kind: 'switched-off', what: 'it was switched off' } as const

// Each is awaited to come to a shell, by the code that judges a live boot.
test.for([
  [
    'l4linux/noroot',
    fiascoProfile,
    'crashed',
    'bootset',
    'Linux panicked: it has no root file system (VFS: Cannot open root device "hda1" or unknown-block(0,0): error -6)',
  ],
  [
    'l4linux/badrd',
    fiascoProfile,
    'crashed',
    'bootset',
    "Linux panicked: it has no root file system (Couldn't load ramdisk)",
  ],
  [
    'l4linux/mem-too-large',
    fiascoProfile,
    'crashed',
    'bootset',
    'L4Linux gave up: "Can\'t get main memory of 307200kiB", for which its mem= asks',
  ],
  // Clocks are told of behind the question.
  ['l4linux/press-enter', fiascoProfile, 'waiting-for-input', 'usage', 'com1 did not print "/ # "'],
  [
    'fiasco/no-l4re',
    fiascoProfile,
    'crashed',
    'bootset',
    'the root task, Moe, gave up: "No such object found: rom/l4re"',
  ],
  [
    'fiasco/no-script',
    fiascoProfile,
    'crashed',
    'bootset',
    'Ned gave up its script: "cannot open rom/l4linux.cfg: No such file or directory"',
  ],
  [
    'fiasco/not-elf',
    fiascoProfile,
    'crashed',
    'bootset',
    'L4Re did not start a program: "Invalid argument: not an ELF binary"',
  ],
  // Neither Moe nor L4Re says that a module is missing.
  ['fiasco/no-ned', fiascoProfile, 'silent', 'guest', 'com1 did not print "/ # "'],
  // Linux runs, and prints nothing more: its console is another one.
  ['l4linux/nocons', fiascoProfile, 'silent', 'guest', 'com1 did not print "/ # "'],
  [
    'linux-2.4/no-root',
    linuxProfile,
    'crashed',
    'bootset',
    'Linux panicked: it has no root file system (VFS: Cannot open root device "hda1" or 03:01)',
  ],
  [
    'linux-6.1/requested-init',
    linuxProfile,
    'crashed',
    'bootset',
    'Linux panicked: "Requested init /nope failed (error -2)."',
  ],
  // A shell on its console, whose prompt has a kernel message behind it.
  ['fiasco/l4linux-run-grub', fiascoProfile, 'finished', undefined, 'everything awaited was seen'],
] as const)('%s', async ([name, profile, outcome, culprit, summary]) => {
  const file = path.join(folder, `${path.basename(name)}.out`)
  fs.copyFileSync(path.join(recordings, `${name}.log`), file)
  const transcript = new Transcript(file, 'com1', () => performance.now())
  const consoles = new Map<string, Console>()
  const machine = idle(consoles)
  let failure: WaitError | undefined
  const console = new Console({
    ...{ role: 'com1', transcript, stops: profile.stops, begins: profile.begins },
    send: async () => {},
    signal: new AbortController().signal,
    onWaited: (error) => (failure = error),
    examine: async (missed) => await investigate({ machine, profile, files: [] }, missed),
  })
  consoles.set('com1', console)
  const observer = new Observer([{ role: 'com1', transcript }], profile, {})
  await console.waitFor('/ # ', { within: 5_000, silence: 1_100 }).catch(() => {})
  await transcript.close({ what: 'over', culprit: 'host' })
  await observer.done
  const crash = observer.crash(() => console.accepted)
  const verdict = judge({ end: switchedOff, failure, crash })
  expect([verdict.outcome, verdict.culprit]).toEqual([outcome, culprit])
  expect(verdict.summary).toContain(summary)
})
