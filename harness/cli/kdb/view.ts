import { printableJson } from '../../core/terminal-text.ts'
import type { Output } from '../../host/output.ts'
import type { Verdict } from '../../boot/verdict.ts'
import { visibleText } from '../../core/text.ts'
import { instructionText, type CrashReport } from '../../diagnosis/crash-report.ts'
import type { ReadFact } from '../../diagnosis/fact-reader.ts'
import type { Reply } from '../../kernel/debugger/questions.ts'
import { shortPath } from '../../host/paths.ts'
import { crashLines, crashText, placeRow, rowLine } from '../../report/crash-text.ts'

/** What a command has brought. */
export interface CommandAnswer extends Partial<Reply> {
  /** As typed. */
  readonly command: string
  /** What the guest printed, where it was asked. */
  readonly text?: string
  readonly facts: readonly ReadFact[]
  /** Plain lines, of a command that tells something of itself. */
  readonly lines?: readonly string[]
}

/** A stop of the guest, and where its console is kept. */
export interface ShownStop {
  readonly log: string
  /** Nothing where it was printed without a word that could be read. */
  readonly crash: CrashReport | undefined
  /** Whether what was printed stands on the terminal already. */
  readonly isSeen: boolean
}

/** Who is shown a session. */
export interface KdbView {
  /** A command from a file or a pipe, which nobody sees typed. */
  readonly echo: (command: string) => void
  readonly answer: (answer: CommandAnswer, options: { readonly showsRaw: boolean }) => void
  readonly wrong: (command: string, message: string) => void
  /** A command that has no answer since the guest is gone, which the session's end tells. */
  readonly lost: (command: string, what: string) => void
  readonly stop: (stop: ShownStop) => void
  readonly end: (verdict: Verdict) => void
  /** Whether the guest's output goes to the terminal as it comes. */
  readonly isLive: boolean
}

/** A session as one JSON document a line. */
export const jsonView = (out: Output): KdbView => {
  const write = (document: object) => out.line(printableJson(document))
  return {
    isLive: false,
    echo: () => {},
    answer: (answer) => write(answer),
    wrong: (command, error) => write({ command, error }),
    lost: (command, error) => write({ command, error }),
    stop: ({ crash }) => write({ stop: crash ?? null }),
    end: ({ outcome, culprit, summary, runFolder }) =>
      write({ verdict: { outcome, culprit, summary, runFolder } }),
  }
}

/** A session for a person. */
export const textView = (out: Output, errors: Output, prompt: string): KdbView => ({
  isLive: out.isTTY,
  echo: (command) => out.line(`${prompt}${command}`),
  answer: ({ text, dumps = [], threads = [], facts, lines = [] }, { showsRaw }) => {
    const raw = showsRaw && text !== undefined ? rawLines(text) : []
    const told = [
      ...dumps.map(({ summary }) => summary),
      ...threads.map(({ id, name, priority, ready }) =>
        rowLine(
          id,
          [
            name,
            priority !== undefined && `priority ${priority}`,
            ready !== undefined && (ready ? 'ready' : 'not ready'),
          ]
            .filter(Boolean)
            .join(', '),
        ),
      ),
      ...facts.map(factLine),
      ...lines,
    ]
    const dim = (line: string) => out.style('dim', line)
    for (const line of laidOut(raw, told, out.columns ?? 0, dim)) out.line(line)
  },
  wrong: (_, message) => errors.line(message),
  lost: () => {},
  stop: ({ log: file, crash, isSeen }) => {
    const log = shortPath(file)
    if (crash === undefined) out.write('The kernel debugger has the console.\n')
    else if (isSeen) out.write(`${crashLines(log, [crash]).join('\n')}\n`)
    else out.write(crashText(log, [crash]))
  },
  end: () => {},
})

const factLine = ({ name, text, instruction }: ReadFact): string => {
  if (instruction === undefined) return rowLine(name, text ?? '')
  const isNamed = name === instruction.address
  return rowLine(name, (isNamed ? instructionText(instruction) : placeRow(instruction)) ?? '')
}

const tabStop = 8

/** What was printed, without blank lines around it, as wide as it looks. */
const rawLines = (text: string): string[] =>
  text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
    .map((line) => {
      let wide = ''
      for (const character of line)
        wide += character === '\t' ? ' '.repeat(tabStop - (wide.length % tabStop)) : character
      return visibleText(wide)
    })

/** Terminals as wide as this show both side by side. */
const wideTerminal = 120
/** What the right column needs. */
const narrowest = 40

/** What was printed, and beside it or below it what it says. */
const laidOut = (
  raw: readonly string[],
  told: readonly string[],
  columns: number,
  dim: (line: string) => string,
): string[] => {
  const width = Math.max(0, ...raw.map((it) => it.length)) + 2
  const right = columns - width
  const isBeside = raw.length > 0 && columns >= wideTerminal && right >= narrowest
  if (!isBeside) return [...raw.map(dim), ...told]
  const wrapped = told.flatMap((line) => wrap(line, right))
  return Array.from({ length: Math.max(raw.length, wrapped.length) }, (_, index) =>
    `${dim((raw[index] ?? '').padEnd(width))}${wrapped[index] ?? ''}`.trimEnd(),
  )
}

/** Indents of lines that go on. */
const hanging = '    '

const wrap = (line: string, width: number): string[] => {
  if (line.length <= width) return [line]
  const blank = line.lastIndexOf(' ', width)
  const at = blank > line.search(/\S/) ? blank : width
  return [line.slice(0, at), ...wrap(`${hanging}${line.slice(at).trimStart()}`, width)]
}
