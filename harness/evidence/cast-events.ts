import fs from 'node:fs'
import { createInterface } from 'node:readline'
import { jsonOfLine } from '../core/text.ts'
import type { CastEvent } from '../formats/asciicast.ts'

/** The lines of a file, one character a byte. */
export const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({ input: fs.createReadStream(file, 'latin1'), crlfDelay: Infinity })

/** What stands in an asciicast behind its header; nothing of a half-written end. */
export const eventsIn = async function* (file: string): AsyncGenerator<CastEvent> {
  let isHeader = true
  for await (const text of linesOf(file)) {
    const read = jsonOfLine(Buffer.from(text, 'latin1').toString())
    if (read === undefined) return
    if (!isHeader) yield read as CastEvent
    isHeader = false
  }
}
