import { hex, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import { plainText } from '../../core/text.ts'
import type { DumpReader, Told } from '../reader.ts'

/** Fiasco's kernel debugger was entered. */
export interface JdbEntry extends Told {
  readonly system: 'fiasco'
  readonly kind: 'debugger-entry'
  readonly cpu: number
  readonly ip: Hex
  /** Such as `IRQ ENTRY` for a key, `Wait`, or the text of the entry. */
  readonly message: string
  readonly decoded: {
    /** Who entered it; `break-in` is a key from outside. */
    readonly by: 'break-in' | 'kernel or program'
  }
}

export const readJdbEntry: DumpReader<JdbEntry> = (lines, at) => {
  const entry = match<'cpu' | 'ip' | 'message'>(
    /(?:^|\W)CPU (?<cpu>\d{1,3}) \[(?<ip>[0-9a-f]{8,16})\]: (?<message>\S.{0,200}?) *$/,
    lines[at]?.text,
  )
  if (entry === undefined) return undefined
  const outside = entry.message === 'IRQ ENTRY'
  return {
    dump: {
      system: 'fiasco',
      kind: 'debugger-entry',
      stop: true,
      summary: outside
        ? 'the kernel debugger was entered from outside'
        : `the kernel debugger was entered: ${entry.message}`,
      cpu: Number(entry.cpu),
      ip: hex(entry.ip),
      message: entry.message,
      decoded: { by: outside ? 'break-in' : 'kernel or program' },
    },
    end: at + 1,
  }
}

/** A thread of Fiasco's list. Numbers are hexadecimal, as Fiasco shows them. */
export interface JdbThread {
  readonly id: Hex
  readonly cpu: Hex
  readonly name: string | undefined
  readonly priority: Hex
  /** The id of its address space. */
  readonly space: Hex
  /** On which thread it waits. */
  readonly waitsFor: Hex | undefined
  readonly timeout: string | undefined
  readonly states: readonly string[]
}

/** Fiasco's list of threads (jdb's `lp`), as it was first drawn. */
export interface JdbThreads extends Told {
  readonly system: 'fiasco'
  readonly kind: 'threads'
  readonly threads: readonly JdbThread[]
}

const heading = /id +cpu +name +pr +sp +wait +to state/
const row =
  /^ {0,12}(?<id>[0-9a-f]{1,8}) {1,8}(?<cpu>[0-9a-f]{1,3}) {2,8}(?<name>\S.{0,15}?) {2,20}(?<priority>[0-9a-f]{1,2}) {2,12}(?<space>[0-9a-f]{1,8}) {1,24}(?:(?<waits>-|[0-9a-f]{1,8}) {1,8})?(?:(?<timeout>\d{1,6}[a-z]{1,2}) +)?(?<states>[a-z_]{3,}(?:,[a-z_]+)*)$/

/** The list is drawn with cursor moves: each row stands behind one, or behind a line end. */
export const readJdbThreads: DumpReader<JdbThreads> = (lines, at) => {
  if (!heading.test(lines[at]?.text ?? '')) return undefined
  const threads: JdbThread[] = []
  let end = at + 1
  for (let next = at; next < lines.length && next < at + 60; next += 1) {
    const rows = rowsIn(lines, next).flatMap((it) => rowOf(it) ?? [])
    if (next > at && (rows.length === 0 || heading.test(lines[next]?.text ?? ''))) break
    threads.push(...rows)
    end = next + 1
  }
  return {
    dump: {
      system: 'fiasco',
      kind: 'threads',
      stop: false,
      summary: `${threads.length} threads`,
      threads,
    },
    end,
  }
}

const cursorMove = /\x1b\[\d{1,3};\d{1,3}H/

const rowsIn = (lines: Lines, at: number): readonly string[] =>
  (lines[at]?.raw ?? '').split(cursorMove).map(plainText)

const rowOf = (text: string): JdbThread | undefined => {
  const found = match<
    'id' | 'cpu' | 'name' | 'priority' | 'space' | 'waits' | 'timeout' | 'states'
  >(row, text.trimEnd())
  if (found === undefined) return undefined
  return {
    id: hex(found.id),
    cpu: hex(found.cpu),
    name: found.name === '-----' ? undefined : found.name,
    priority: hex(found.priority),
    space: hex(found.space),
    waitsFor: found.waits === '-' || found.waits === '' ? undefined : hex(found.waits),
    timeout: found.timeout === '' ? undefined : found.timeout,
    states: found.states.split(','),
  }
}
