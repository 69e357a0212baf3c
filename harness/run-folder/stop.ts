import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { culprits } from '../core/errors.ts'

/** A stop text that has appeared. */
export type Stop = z.infer<typeof stop>

/** Checks a `Stop`. */
export const stop = exactObject({
  id: z.string(),
  culprit: z.enum(culprits),
  /** How a boot ends by it. */
  outcome: z.enum(['crashed', 'waiting-in-debugger', 'waiting-in-loader']),
  /** What it means, in a clause. */
  meaning: z.string(),
  /** The line that says so. */
  line: z.string(),
  /** Where in the line's plain text it begins. */
  column: z.int().min(0),
  ofDebugger: z.enum(['entry', 'prompt']).exactOptional(),
  microkernelRuns: z.literal(true).exactOptional(),
}).readonly()
