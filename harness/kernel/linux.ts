import type { KernelProfile, Milestone } from './profile.ts'
import type { StopText } from '../console/stop.ts'

/** printk's time and, on a serial port, nothing else before a message. */
const stamp = String.raw`(?:^|\n)(?:<\d>)?(?:\[ *\d+\.\d+\] )?`

/** Where in its boot Linux is, by its own messages; 2.4 has no times before them. */
const linuxMilestones: readonly Milestone[] = [
  { phase: 'Linux', pattern: new RegExp(`${stamp}Linux version \\d`) },
  {
    phase: 'root file system',
    pattern:
      /VFS: Mounted root|RAMDISK: ext2 filesystem found|Trying to unpack rootfs image as initramfs/,
  },
  {
    phase: 'init',
    pattern: /Freeing unused kernel (?:image \(initmem\) )?memory|Run \/\S+ as init process/,
  },
  { phase: 'login', pattern: /(?:^| )login: ?$/ },
]

/** What Linux prints last. */
const linuxStops: readonly StopText[] = [
  {
    id: 'linux-panic',
    // 2.4 has no "not syncing" before 2.4.0; with panic=-1 the line behind it does not come.
    pattern: /Kernel panic(?: - not syncing)?: (?<reason>.*?)\s*$/,
    culprit: 'guest',
    outcome: 'crashed',
    meaning: 'Linux panicked: "{reason}"',
  },
]

/** Linux on a PC: its own kernel, no microkernel below. The texts are those of fixtures/recordings/linux. */
export const linuxProfile: KernelProfile = {
  name: 'Linux',
  milestones: linuxMilestones,
  stops: linuxStops,
  prompts: [{ kind: 'input', pattern: /login: $|[#$] (?:\x1b\[6n)?$/ }],
  measurements: [],
}
