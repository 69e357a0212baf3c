import { z } from 'zod'
import { checkedLine, jsonLinesOf } from './json-lines.ts'

/** QEMU's events, one a line. */
export const qmpName = 'qmp.jsonl'

/** Bytes. */
const largestLog = 16 * 2 ** 20

/** Levels of a value that is printed again: `JSON.stringify` calls itself for each. */
const deepestData = 16

const isShallow = (value: unknown, levels = deepestData): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((it) => isShallow(it, levels - 1)))

const qmpEvent = z.looseObject({
  /** Milliseconds since power-on, when the harness received it. */
  at: z.number().min(-1e12).max(1e12),
  event: z.string(),
  data: z
    .unknown()
    .refine((it) => isShallow(it), { error: `expected ${deepestData} levels at the most` })
    .optional(),
  /** When QEMU sent it. */
  timestamp: z.looseObject({
    seconds: z.int().min(-1).max(1e11),
    microseconds: z.int().min(-1).max(999_999),
  }),
})

/** An event of QEMU, as it is kept. */
export type QmpEvent = z.infer<typeof qmpEvent>

/**
 * The events of QEMU that a run has kept.
 *
 * @throws {BootstandError} with the line and the field when the file is damaged. A last line that was not written to its
 *   end is ignored.
 */
export const qmpEventsIn = function* (file: string): Generator<QmpEvent> {
  for (const line of jsonLinesOf(file, { what: "QEMU's events", limit: largestLog }))
    yield checkedLine(file, line, qmpEvent)
}
