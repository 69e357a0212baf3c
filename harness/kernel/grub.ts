import type { StopText } from '../console/stop.ts'
import type { KernelProfile } from './profile.ts'

/** What GRUB Legacy 0.97 prints when it cannot go on; it then waits for a key. */
export const grubStops: readonly StopText[] = [
  {
    id: 'grub-error',
    pattern: /^Error (?<number>\d+): (?<text>.+)$/,
    culprit: 'bootset',
    meaning: 'GRUB stopped with error {number}: {text}',
  },
]

/** A disk of which only the boot loader is known. */
export const grubProfile: KernelProfile = {
  name: 'GRUB Legacy',
  milestones: [],
  stops: grubStops,
  measurements: [],
}
