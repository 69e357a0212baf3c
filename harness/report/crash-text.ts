import { visibleText } from '../core/text.ts'
import type { AdvisedFinding } from '../diagnosis/findings.ts'
import {
  instructionText,
  type CrashInstruction,
  type CrashReport,
  type OtherThread,
} from '../diagnosis/crash-report.ts'

/** Calls and words of the stack that are shown. */
const mostShown = 8

/** A crash for a person; others of the same identity are only counted. */
export const crashText = (log: string, crashes: readonly CrashReport[]): string =>
  [
    ...crashLines(log, crashes),
    '',
    ...crashes[0]!.excerpt.map((it) => `  | ${visibleText(it)}`.trimEnd()),
    '',
  ].join('\n')

/** What is known of a crash, without what was printed. */
export const crashLines = (log: string, crashes: readonly CrashReport[]): string[] => {
  const { title, lines } = crashes[0]!
  return [
    `${log}:${lines.first}: ${visibleText(title)}`,
    ...crashRows(crashes).map(([name, value]) => rowLine(name, value)),
  ]
}

/** What is known of a crash, each with its name; a row without a name goes on with the one before it. */
export const crashRows = ([crash, ...others]: readonly CrashReport[]): readonly (readonly [
  name: string,
  value: string,
])[] => {
  const { phase, address, page, where, noticed, identity } = crash!
  const rows: (readonly [name: string, value: string | undefined])[] = [
    ['where', where && placeRow(where)],
    ['', where?.ofCurrentThread ? 'as the debugger says of the current thread' : undefined],
    ['noticed', noticed && placeRow(noticed)],
    ['touched', address && [address, page].filter(Boolean).join(', ')],
    ['thread', threadText(crash!)],
    ...queueRows(crash!),
    ['phase', phase],
    ...callerRows(crash!),
    ...stackRows(crash!),
    // Where a program failed, those of the kernel's entry into its debugger tell nothing.
    ['registers', noticed && crash!.registers?.of === 'kernel' ? undefined : registersText(crash!)],
    ...crash!.says.map((it, index) => [index === 0 ? 'said' : '', it] as const),
    ...crash!.others
      .slice(0, mostShown)
      .map((it, index) => [index === 0 ? 'others' : '', otherText(it)] as const),
    ...crash!.answers
      .slice(0, mostShown)
      .map((it, index) => [index === 0 ? 'asked' : '', it] as const),
    ['identity', identity],
    ['again', others.length === 0 ? undefined : againText(others)],
  ]
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, visibleText(value)] as const],
  )
}

/** Something that is known, behind its name. */
export const rowLine = (name: string, value: string): string =>
  `  ${name.padEnd(10)} ${visibleText(value)}`

/** An instruction, with its address unless its place says it. */
export const placeRow = (it: CrashInstruction): string | undefined => {
  const text = instructionText(it)
  const isSaid = it.address === undefined || text?.includes(it.address) === true
  const stated = it.places.length === 0 ? it.area?.stated : undefined
  return [isSaid ? text : `${text} at ${it.address}`, stated && `(${stated})`]
    .filter(Boolean)
    .join(' ')
}

const otherText = ({ thread, where }: OtherThread): string =>
  [threadText({ thread }), where && `in ${placeRow(where)}`].filter(Boolean).join(', ')

const threadText = ({ thread }: Pick<CrashReport, 'thread'>): string | undefined =>
  thread &&
  [
    thread.name,
    thread.id && `id ${thread.id}`,
    thread.controlBlock && `control block ${thread.controlBlock}`,
    thread.priority !== undefined && priorityText(thread.priority, thread.priorityClass),
    thread.state,
    thread.processor !== undefined && `on processor ${thread.processor}`,
  ]
    .filter(Boolean)
    .join(', ')

const priorityText = (priority: number, its: string | undefined): string =>
  its === undefined ? `priority ${priority}` : `priority ${priority} (${its})`

const queueRows = ({ readyQueue = [] }: CrashReport) =>
  readyQueue.map(({ cpu, priority, priorityClass, threads }, row) => {
    const name = row === 0 ? 'ready' : ''
    const its = priorityText(priority, priorityClass)
    return [name, `on processor ${cpu}: ${threads.join(' ')}, ${its}`] as const
  })

const callerRows = ({ callers }: CrashReport) =>
  callers
    .slice(0, mostShown)
    .map((it, index) => [index === 0 ? 'called by' : '', placeRow(it)] as const)

const stackRows = ({ stack }: CrashReport) =>
  stack
    .slice(0, mostShown)
    .map(
      ({ index, word, places }, row) =>
        [row === 0 ? 'stack' : '', `[${index}] ${placeRow({ address: word, places })}`] as const,
    )

const registersText = ({ registers }: CrashReport): string | undefined =>
  registers &&
  `of the ${registers.of}: ${Object.entries(registers.values)
    .map(([name, value]) => `${name} ${value.replace(/^0x/, '')}`)
    .join(', ')}`

const againText = (others: readonly CrashReport[]): string => {
  const shown = others.slice(0, mostShown).map((it) => it.lines.first)
  const rest = others.length - shown.length
  const lines = [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  return others.length === 1 ? `at line ${lines}` : `${others.length} times, at lines ${lines}`
}

/** Advice for a person. */
export const adviceText = (
  log: string,
  { line, evidence, advice, source }: AdvisedFinding,
): string =>
  [
    `${log}:${line}: Advice: ${advice}`,
    ...evidence.map((it, index) => {
      const where = it.line === undefined ? '' : `line ${it.line}: `
      return `  ${(index === 0 ? 'seen' : '').padEnd(10)} ${where}${visibleText(it.text.trim())}`
    }),
    `  source     ${source}`,
    '',
  ].join('\n')
