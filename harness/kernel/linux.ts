import type { StopText } from '../console/stop.ts'
import type { Culprit } from '../core/errors.ts'
import type { KernelProfile, Milestone, Prompt } from './profile.ts'

/**
 * What Linux prints on the way to a login, whichever console it is told to print on: 2.4.22, 4.15 on
 * Fiasco and 6.1, whose texts fixtures/recordings holds.
 */
export const linuxMilestones: readonly Milestone[] = [
  // Kept back until there is a console, so this is when the console is there.
  { phase: 'Linux', pattern: /^(?:\[ *\d+\.\d+\] )?Linux version \d/ },
  {
    phase: 'ramdisk',
    pattern: /RAMDISK: (?:Compressed image|\w+ filesystem) found at block \d/,
  },
  {
    phase: 'root file system',
    pattern: /VFS: Mounted root \(/,
  },
  { phase: 'init', pattern: /Freeing unused kernel (?:image \(initmem\) )?memory: / },
  { phase: 'login', pattern: /^\S+ login: / },
]

/** Why there may be no root file system, as told some lines before the panic. */
const rootTroubles =
  /RAMDISK: image too big! \(.*\)|RAMDISK: Couldn't find valid RAM disk image.*|RAMDISK: Kernel does not support compressed.*|Couldn't load ramdisk|VFS: Cannot open root device .*/

const rootTrouble = (before: readonly string[]): string | undefined => {
  const found = before.map((line) => rootTroubles.exec(line)?.[0].trimEnd())
  const first = found.find((it) => it !== undefined)
  return first && `Linux panicked: it has no root file system (${first})`
}

const panicked = (culprit: Culprit) =>
  ({
    culprit,
    outcome: 'crashed',
    meaning: 'Linux panicked: "{reason}"',
    microkernelRuns: true,
  }) as const

/** 2.4 does not say `not syncing`. */
export const linuxStops: readonly StopText[] = [
  {
    id: 'linux-no-root',
    pattern: /Kernel panic(?: - not syncing)?: (?<reason>VFS: Unable to mount root fs.*\S)/,
    ...panicked('bootset'),
    explain: rootTrouble,
  },
  {
    id: 'linux-no-init',
    pattern: /Kernel panic(?: - not syncing)?: (?<reason>(?:No|Requested) init .*\S)/,
    ...panicked('bootset'),
  },
  {
    id: 'linux-panic',
    pattern: /Kernel panic(?: - not syncing)?: (?<reason>.*\S)/,
    ...panicked('guest'),
  },
]

/** What getty, login and a shell ask with; busybox' shell asks where the cursor is, too. */
export const linuxPrompts: readonly Prompt[] = [
  {
    kind: 'input',
    pattern:
      /^\S+ login: $|^Password: $|[#$] (?:\x1b\[6n)?$|^Please press Enter to activate this console\. $/,
  },
]

/**
 * Messages that come at any time, also behind a prompt: those that have a time, and those about clocks, which L4Linux
 * prints without one seconds after its shell.
 */
export const linuxNoise =
  /(?:\[ *\d+\.\d{6}\] |clocksource: |tsc: |sched_clock: |TSC found unstable after boot).*\n/

/** Linux that a loader starts by itself. */
export const linuxProfile: KernelProfile = {
  name: 'Linux',
  milestones: linuxMilestones,
  stops: linuxStops,
  prompts: linuxPrompts,
  noise: linuxNoise,
  measurements: [],
}
