import type { Transcript } from './transcript.ts'

/** How long a console is read on after a stop text, in milliseconds. */
export const readingOn = {
  /** This much silence, and the guest has said it all. */
  quiet: 200,
  /** It is not waited for longer: a guest may fault for ever. */
  limit: 2_000,
} as const

/**
 * Reads on behind a stop text: what explains it, such as a dump of registers, often follows.
 *
 * @param limit Milliseconds of its clock that it takes at most.
 */
export const readOn = async (
  transcript: Transcript,
  limit: number = readingOn.limit,
  signal?: AbortSignal,
): Promise<void> => {
  const until = transcript.time + limit
  for (;;) {
    const left = Math.min(readingOn.quiet - transcript.silence, until - transcript.time)
    if (left <= 0 || transcript.end !== undefined || signal?.aborted === true) return
    // An abort ends the wait that called, with its own reason.
    await transcript.growth(transcript.size, { quiet: left, signal }).catch(() => {})
  }
}
