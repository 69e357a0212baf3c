import { errorOutput, output } from '../host/output.ts'
import { readTimeline, type TimelineEvent } from '../evidence/timeline.ts'
import { shortPath } from '../host/paths.ts'
import { visibleText } from '../core/text.ts'
import { printJson, say } from './print.ts'
import type { JsonFlag } from './flags.ts'
import { findRun } from '../evidence/find-run.ts'

/** `bootstand timeline`: everything that happened in a run, on all consoles, in one list. */
export const timeline = async (name: string | undefined, flags: JsonFlag): Promise<void> => {
  const folder = findRun(name)
  const read = readTimeline(folder)
  if (flags.json === true) return printJson(read)
  const width = Math.max(0, ...new Set(read.events.map((it) => it.source.length)))
  const rows = read.events.map((event, index) => row(event, read.events[index - 1], width))
  const order = read.isExact
    ? 'Lines stand in the order in which the guest began them.'
    : 'Between consoles the order of lines marked ~ is not known.'
  output.write(rows.map((it) => `${it}\n`).join(''))
  const missing = read.untimed.map(
    (role) => `No line of ${role} is here: ${role}.cast is missing.\n`,
  )
  errorOutput.write(missing.join(''))
  say(`${shortPath(folder)}: milliseconds since power-on. ${order}`)
}

const signs = {
  printed: '',
  shown: '',
  typed: 'typed ',
  event: '',
  phase: 'reached ',
  marked: '-- ',
} as const

const row = (
  { earliest, latest, source, kind, text }: TimelineEvent,
  before: TimelineEvent | undefined,
  width: number,
): string => {
  const isUnsure = before !== undefined && before.source !== source && earliest < before.latest
  const time = latest.toFixed(latest === earliest ? 3 : 0).padStart(10)
  const name = source.padEnd(width)
  return `${time} ${isUnsure ? '~' : ' '} ${name}  ${signs[kind]}${visibleText(text)}`
}
