import { formatDuration } from '../core/text.ts'
import type { Phase } from '../diagnosis/observer.ts'

/** A phase of a boot that is complete, and how long it took. */
export const phaseLine = ({ name, duration }: Phase): string =>
  `  ${name.padEnd(12)}${formatDuration(duration).padStart(8)}`
