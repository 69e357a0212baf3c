import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Transcript } from '../console/transcript.ts'

/**
 * Copies what a guest prints until it can print no more.
 *
 * @param options.from Byte offset at which to begin.
 * @param options.signal Ends it, when all that has come is copied.
 */
export const copyTo = async (
  out: Writable,
  transcript: Transcript,
  { from = 0, signal }: { readonly from?: number; readonly signal?: AbortSignal } = {},
): Promise<void> => {
  let offset = from
  for (;;) {
    // Asked before the last look.
    const isOver = transcript.end !== undefined || signal?.aborted === true
    for (let bytes = transcript.read(offset); bytes.length > 0; bytes = transcript.read(offset)) {
      offset += bytes.length
      out.write(bytes)
      await roomIn(out)
    }
    if (isOver && offset === transcript.size) return
    await transcript.growth(offset, { signal }).catch(() => {})
  }
}

/** Waits until a stream takes more than into its memory: whoever reads it decides how fast. Ends with the stream, too. */
export const roomIn = async (out: Writable, signal?: AbortSignal): Promise<void> => {
  if (out.writableNeedDrain) await once(out, 'drain', { signal }).catch(() => {})
}
