import { z } from 'zod'
import type { CastEvent } from '../formats/asciicast.ts'
import { checkedLine, jsonLinesOf } from './json-lines.ts'

/** Bytes. A timed copy is held in memory while it is read. */
const largestCast = 256 * 2 ** 20

const header = z.looseObject({ version: z.literal(2) })

/** Seconds since power-on, about 30 years at the most. */
const seconds = z.number().min(0).max(1e9)

const event: z.ZodType<CastEvent> = z.tuple([seconds, z.enum(['o', 'i', 'm']), z.string()])

/**
 * The events of an asciicast after its header.
 *
 * @throws {BootstandError} with the line when it is damaged. A last line that was not written to its end is ignored.
 */
export const eventsIn = function* (file: string): Generator<CastEvent> {
  let isHeader = true
  for (const line of jsonLinesOf(file, { what: 'an asciicast', limit: largestCast })) {
    if (isHeader) checkedLine(file, line, header)
    else yield checkedLine(file, line, event)
    isHeader = false
  }
}
