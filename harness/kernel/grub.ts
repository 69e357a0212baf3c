import type { StopText } from '../console/stop.ts'

/** What GRUB Legacy 0.97 prints when it cannot go on; it then waits for a key. */
export const grubStops: readonly StopText[] = [
  {
    id: 'grub-error',
    pattern: /^Error (?<number>\d+): (?<text>.+)$/,
    culprit: 'bootset',
    meaning: 'GRUB stopped with error {number}: {text}',
  },
]
