import fs from 'node:fs'
import path from 'node:path'
import { readVerdict } from '../run-folder/verdict-file.ts'
import type { Verdict } from '../boot/verdict.ts'
import { usualGap } from '../console/cast-writer.ts'
import { plainText } from '../core/text.ts'
import { eventsIn } from '../run-folder/cast-file.ts'
import { linesOf } from '../run-folder/lines.ts'
import { qmpEventsIn, qmpName } from '../run-folder/qmp-file.ts'
import { screenRows, unwatchedSince } from '../formats/asciicast.ts'
import { rolesIn } from '../host/run-folder.ts'
import { portTraceReader, type PortName } from '../formats/port-trace.ts'

/**
 * Something that happened in a run, in milliseconds since power-on.
 *
 * Consoles are files that the harness looks at; of a line it knows when it was not there yet and when
 * it was; of a row of the screen, likewise. Of two events whose spans overlap nobody knows which came first.
 */
export interface TimelineEvent {
  readonly earliest: number
  readonly latest: number
  /** A console's role, `vga`, `qmp`, or `phase`. */
  readonly source: string
  /** `printed` and `typed` on consoles, a row `shown` on the screen, an `event` of QEMU, a `phase` that was reached, a moment `marked`. */
  readonly kind: 'printed' | 'typed' | 'shown' | 'event' | 'phase' | 'marked'
  readonly text: string
}

/** A run's events, and whether those of its consoles are in the guest's own order. */
export interface Timeline {
  readonly isExact: boolean
  /** Roles of the consoles of which nobody knows when they printed: their timed copies are missing. */
  readonly untimed: readonly string[]
  readonly events: readonly TimelineEvent[]
}

/**
 * Reads when things happened in a run from the files in its folder.
 *
 * @throws {BootstandError} (culprit: usage) when one of them is damaged.
 */
export const readTimeline = (folder: string): Timeline => {
  const verdict = readVerdict(folder)
  const isTimed = (role: string) => isThere(castOf(folder, role))
  const roles = rolesIn(folder)
  const qmp = eventsOf(path.join(folder, qmpName))
  const exact = exactTimes(folder, verdict, qmp.powerOn)
  const printed = roles.filter(isTimed).map((role) => castEvents(folder, role, exact?.get(role)))
  const shown = screenEvents(path.join(folder, 'vga.cast'))
  const phases = (verdict?.phases ?? []).map(({ name, reached }): TimelineEvent => ({
    ...{ earliest: reached - resolution, latest: reached },
    ...{ source: 'phase', kind: 'phase', text: name },
  }))
  const events = [...qmp.events, ...phases, ...printed.flat(), ...shown]
  return {
    isExact: exact !== undefined,
    untimed: roles.filter((role) => !isTimed(role)),
    events: events.toSorted((a, b) => a.latest - b.latest || a.earliest - b.earliest),
  }
}

/** Longer gaps between two looks are marked; times are kept in whole milliseconds. */
const resolution = usualGap + 1

/** Whether a name is taken, by whatever: what is no regular file is answered when it is opened. */
const isThere = (file: string): boolean =>
  fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined

const castOf = (folder: string, role: string): string => path.join(folder, `${role}.cast`)

/** QEMU's events, and when it let the processor run first, in microseconds since 1970. */
const eventsOf = (file: string): { events: TimelineEvent[]; powerOn: number | undefined } => {
  const events: TimelineEvent[] = []
  let powerOn: number | undefined
  if (!isThere(file)) return { events, powerOn }
  for (const { at, event, data, timestamp } of qmpEventsIn(file)) {
    const detail = data === undefined ? '' : ` ${JSON.stringify(data)}`
    const micros = timestamp.seconds * 1e6 + timestamp.microseconds
    powerOn ??= event === 'RESUME' ? micros : undefined
    // QEMU says when; without power-on only the time of its arrival is known.
    const latest = powerOn === undefined ? at : (micros - powerOn) / 1000
    const text = `${event}${detail}`
    events.push({ earliest: latest, latest, source: 'qmp', kind: 'event', text })
  }
  return { events, powerOn }
}

/**
 * What a console printed, a line each, and what was typed on it.
 *
 * @param times When each byte was printed, where it is known.
 */
const castEvents = (
  folder: string,
  role: string,
  times: readonly number[] | undefined,
): TimelineEvent[] => {
  const events: TimelineEvent[] = []
  let line = ''
  let began: Pick<TimelineEvent, 'earliest' | 'latest'> = { earliest: 0, latest: 0 }
  let gapFrom: number | undefined
  let offset = 0
  const flush = () => {
    const text = plainText(line)
    if (text !== '') events.push({ ...began, source: role, kind: 'printed', text })
    line = ''
  }
  const take = (text: string, latest: number) => {
    for (const character of text) {
      if (line === '') {
        const exact = times?.[offset]
        const earliest = exact ?? Math.max(0, gapFrom ?? latest - resolution)
        began = { earliest, latest: exact ?? latest }
      }
      offset++
      if (character === '\n') flush()
      else line += character
    }
    gapFrom = undefined
  }
  for (const [seconds, kind, data] of eventsIn(castOf(folder, role))) {
    const at = seconds * 1000
    if (kind === 'o') take(data, at)
    if (kind === 'm') {
      gapFrom = unwatchedSince(data)
      if (gapFrom === undefined)
        events.push({ earliest: at, latest: at, source: role, kind: 'marked', text: data })
    }
    if (kind === 'i') events.push(typed(role, at, data))
  }
  flush()
  return events
}

/** Rows of the screen as waits came to see them, and what was typed on the keyboard. */
const screenEvents = (file: string): TimelineEvent[] => {
  const events: TimelineEvent[] = []
  if (!isThere(file)) return events
  let before: readonly string[] = []
  let earliest = 0
  for (const [seconds, kind, data] of eventsIn(file)) {
    const latest = seconds * 1000
    if (kind === 'm') earliest = unwatchedSince(data) ?? latest
    if (kind === 'i') events.push(typed('vga', latest, data))
    if (kind !== 'o') continue
    const rows = screenRows(data)
    for (const text of rows.filter((row) => row.trim() !== '' && !before.includes(row)))
      events.push({ earliest, latest, source: 'vga', kind: 'shown', text })
    before = rows
  }
  return events
}

const typed = (source: string, at: number, text: string): TimelineEvent => ({
  ...{ earliest: at, latest: at },
  ...{ source, kind: 'typed', text: JSON.stringify(text) },
})

/** Bytes. A traced boot logs some 120 for each byte that the guest prints. */
const largestLog = 2 ** 30

const comPorts: readonly PortName[] = ['COM1', 'COM2', 'COM3', 'COM4']

/** Milliseconds since power-on of each byte that a console printed, where QEMU traced its ports. */
const exactTimes = (
  folder: string,
  verdict: Verdict | undefined,
  powerOn: number | undefined,
): ReadonlyMap<string, readonly number[]> | undefined => {
  const consoles = verdict?.consoles
  const log = path.join(folder, 'qemu.log')
  if (consoles === undefined || powerOn === undefined || !isThere(log)) return undefined
  const times = new Map<string, number[]>()
  const read = portTraceReader()
  const since = (at: number) => (at - powerOn) / 1000
  for (const { text } of linesOf(log, { what: "QEMU's log", limit: largestLog })) {
    const write = read(text)
    if (write === undefined) continue
    const index = comPorts.indexOf(write.port)
    const role = index === -1 ? consoles.debug : consoles.serial[index]
    if (role === undefined) continue
    const known = times.get(role)
    if (known === undefined) times.set(role, [since(write.at)])
    else known.push(since(write.at))
  }
  return times.size === 0 ? undefined : times
}
