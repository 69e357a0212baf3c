import type { Transcript } from '../console/transcript.ts'
import type { RawView } from './raw-view.ts'

/**
 * Copies what a guest prints until it can print no more.
 *
 * @param options.from Byte offset at which to begin.
 * @param options.signal Ends it, when everything that has arrived is copied.
 */
export const copyTo = async (
  view: Pick<RawView, 'write' | 'room'>,
  transcript: Transcript,
  { from = 0, signal }: { readonly from?: number; readonly signal?: AbortSignal } = {},
): Promise<void> => {
  let offset = from
  for (;;) {
    // Asked before the last read.
    const isOver = transcript.end !== undefined || signal?.aborted === true
    for (let bytes = transcript.read(offset); bytes.length > 0; bytes = transcript.read(offset)) {
      offset += bytes.length
      view.write(bytes)
      await view.room()
    }
    if (isOver && offset === transcript.size) return
    await transcript.growth(offset, { signal }).catch(() => {})
  }
}
