import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { exactObject } from '../core/exact-object.ts'
import { LineScanner } from '../console/lines.ts'
import { readOn } from '../console/read-on.ts'
import type { Transcript } from '../console/transcript.ts'
import { WaitError } from '../console/wait-error.ts'
import { didYouMean } from '../core/nearest.ts'
import { BootstandError } from '../core/errors.ts'
import { jsonOfLine } from '../core/text.ts'
import { screenRows, type CastEvent } from '../formats/asciicast.ts'
import { boot, type BootOptions } from './boot.ts'
import { checkOptions, type Scenario } from './scenario.ts'
import type { Target } from './target.ts'
import type { Verdict } from './verdict.ts'

/** What `matrix` takes. */
export interface MatrixOptions {
  readonly title: string
  /** The table's rows: command lines, each booted on each system. */
  readonly rows: readonly string[]
  /** What is booted with a command line, by what the table calls it. */
  readonly systems: Readonly<Record<string, (words: string) => Scenario>>
  /** What is looked for on every console, by what the table calls it. Tried on plain lines. */
  readonly marks: Readonly<Record<string, RegExp>>
  /** The mark of what init itself prints: the console that has it is `/dev/console`. */
  readonly init?: string
  /** The mark behind which a boot has come to its end; otherwise it ends with silence. */
  readonly until?: string
  /** Milliseconds without a byte on any console after which a boot has come to its end; 5000 by default. */
  readonly silence?: number
  /** Milliseconds after which a boot is ended, however much it prints; 60,000 by default. */
  readonly within?: number
}

/** A checked matrix. */
export interface Matrix extends MatrixOptions {
  readonly silence: number
  readonly within: number
}

/** Where a mark was seen. */
export interface SeenMark {
  readonly mark: string
  /** Milliseconds since power-on; nothing for the screen, which shows no order. */
  readonly at?: number
}

/** What a console showed. */
export interface MatrixConsole {
  readonly role: string
  /** Lines that it printed; nothing for the screen. */
  readonly lines?: number
  /** In the order in which they first came. */
  readonly marks: readonly SeenMark[]
}

/** One boot of a matrix. */
export interface MatrixBoot extends Pick<
  Verdict,
  'outcome' | 'culprit' | 'summary' | 'evidence' | 'stops' | 'runFolder'
> {
  readonly row: string
  readonly system: string
  /** COM1's first, the screen, `vga`, last. */
  readonly consoles: readonly MatrixConsole[]
  /** Roles of the consoles that init's own output came to. */
  readonly devConsole: readonly string[]
}

const record = <T>() => z.custom<Record<string, T>>((it) => typeof it === 'object' && it !== null)
const filled = <T>() =>
  record<T>().refine((it) => Object.keys(it).length > 0, 'expected one system at least')

const options = exactObject({
  title: z.string().min(1),
  rows: z.array(z.string()).min(1, 'expected one command line at least'),
  systems: filled<(words: string) => Scenario>(),
  marks: record<RegExp>(),
  init: z.string().optional(),
  until: z.string().optional(),
  silence: z.int().min(100).max(600_000).default(5_000),
  within: z.int().min(100).max(3_600_000).default(60_000),
})

/**
 * Command lines, each booted on several systems: what appears on which console then? Plain data, the default
 * export of a file `*.matrix.ts`; `bootstand matrix` boots it.
 */
export const matrix = (given: MatrixOptions): Matrix => {
  const it = checkOptions('matrix', options, given)
  for (const name of [it.init, it.until]) {
    if (name === undefined || name in it.marks) continue
    const names = Object.keys(it.marks)
    throw new BootstandError(
      'BOOTSTAND_SCENARIO',
      'usage',
      `matrix(…) has no mark "${name}".${didYouMean(name, names)} It has: ${names.join(', ')}.`,
    )
  }
  return it as Matrix
}

/** Whether an unknown value, such as what a file exports, is a matrix. */
export const isMatrix = (value: unknown): value is Matrix =>
  typeof value === 'object' && value !== null && 'rows' in value && 'systems' in value

/** How a matrix is booted, and who is told. */
export interface MatrixRun extends Pick<BootOptions, 'images' | 'method' | 'name' | 'signal'> {
  /** Names of those that are booted; all otherwise. */
  readonly systems?: readonly string[] | undefined
  readonly onBoot?: (boot: MatrixBoot) => void
}

/** Boots every row on every system, one after the other. */
export const runMatrix = async (
  it: Matrix,
  { systems = Object.keys(it.systems), onBoot, ...run }: MatrixRun = {},
): Promise<MatrixBoot[]> => {
  const boots: MatrixBoot[] = []
  for (const row of it.rows) {
    for (const system of systems) {
      const booted = await bootRow(it, row, system, run)
      boots.push(booted)
      onBoot?.(booted)
    }
  }
  return boots
}

const bootRow = async (
  { marks, init, until, silence, within, systems }: Matrix,
  row: string,
  system: string,
  run: Omit<MatrixRun, 'systems' | 'onBoot'>,
): Promise<MatrixBoot> => {
  await using target = await boot(systems[system]!(row), run)
  const roles = [...target.consoles.map((it) => it.role), 'vga']
  const awaited = until === undefined ? never : marks[until]!
  const patterns = Object.fromEntries(roles.map((role) => [role, awaited]))
  await target.waitForAny(patterns, { silence, within, signal: run.signal }).catch(heedNoWait)
  // What is on its way to the others belongs to the picture.
  for (const { transcript } of target.consoles) await readOn(transcript)
  const verdict = await target.stop()
  const { outcome, culprit, summary, evidence, stops, runFolder } = verdict
  const consoles = await seenOn(target, verdict, marks)
  const hasInit = (it: MatrixConsole) => it.marks.some(({ mark }) => mark === init)
  return {
    ...{ row, system, outcome, summary, stops, runFolder, consoles },
    ...(culprit && { culprit }),
    ...(evidence && { evidence }),
    devConsole: consoles.filter(hasInit).map(({ role }) => role),
  }
}

/** Matches nothing. */
const never = /(?!)/

/** A boot that does not come to its end is what a matrix is for: the verdict tells. */
const heedNoWait = (error: unknown): void => {
  if (!(error instanceof WaitError)) throw error
}

type Marks = Readonly<Record<string, RegExp>>

const seenOn = async (
  target: Target,
  { runFolder }: Verdict,
  marks: Marks,
): Promise<MatrixConsole[]> => {
  const printed = target.consoles.map(({ role, transcript }) => ({
    role,
    ...markedLines(transcript, marks),
  }))
  const rows = await shownRows(path.join(runFolder, 'vga.cast'))
  const shown = Object.keys(marks).filter((name) => rows.some((row) => marks[name]!.test(row)))
  return [...printed, { role: 'vga', marks: shown.map((mark) => ({ mark })) }]
}

const markedLines = (
  transcript: Transcript,
  marks: Marks,
): Pick<MatrixConsole, 'marks' | 'lines'> => {
  const seen = new Map<string, SeenMark>()
  const look = (text: string, offset: number) => {
    for (const [mark, pattern] of Object.entries(marks))
      if (!seen.has(mark) && pattern.test(text))
        seen.set(mark, { mark, at: transcript.arrivalOf(offset) })
  }
  const scanner = new LineScanner(transcript, 0)
  let lines = 0
  for (let line = scanner.next(); line !== undefined; line = scanner.next(), lines++)
    look(line.text, line.offset)
  const { text, offset } = scanner.unfinished()
  look(text, offset)
  return { marks: [...seen.values()], lines: text === '' ? lines : lines + 1 }
}

/** Every row that the screen showed while somebody looked. */
const shownRows = async (file: string): Promise<string[]> => {
  const text = await fs.readFile(file, 'utf8').catch(() => '')
  const events = text.split('\n').flatMap((line) => (line.startsWith('[') ? [line] : []))
  return events.flatMap((line) => {
    const [, kind, data = ''] = (jsonOfLine(line) ?? []) as Partial<CastEvent>
    return kind === 'o' ? screenRows(data) : []
  })
}
