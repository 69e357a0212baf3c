import { output } from '../../host/output.ts'
import { createInterface, type Interface } from 'node:readline/promises'
import type { CommandHistory } from './history.ts'

/** Where commands come from. */
export interface CommandLines {
  /** The next one; nothing when there are no more. */
  readonly next: () => Promise<string | undefined>
  /** Whether there is one that nobody has asked for yet. */
  readonly isWaiting: () => boolean
  /** Lets somebody else have the keyboard for a while. */
  readonly lend: <T>(use: () => Promise<T>) => Promise<T>
  /** Gives the keyboard back for good. */
  readonly close: () => void
}

/** Commands from standard input, one a line. */
export const pipedLines = (): CommandLines => {
  const queue = lineQueue()
  const opened = createInterface({ input: process.stdin })
  opened.on('line', queue.push)
  opened.on('close', queue.end)
  return { ...queue, lend: async (use) => await use(), close: () => opened.close() }
}

/** What helps somebody who types commands. */
export interface TypingHelp {
  readonly prompt: string
  readonly history: CommandHistory
  /** What a line may go on with, and the part of it that this replaces. */
  readonly complete: (line: string) => Promise<[string[], string]>
}

/** Commands that somebody types at a terminal, with history and completion. */
export const typedLines = ({ prompt, history, complete }: TypingHelp): CommandLines => {
  const queue = lineQueue()
  let current: Interface | undefined
  const open = (): Interface => {
    const opened = createInterface({
      input: process.stdin,
      output: output.stream,
      prompt,
      history: history.lines(),
      removeHistoryDuplicates: true,
      completer: complete,
    })
    opened.on('line', (line) => {
      history.add(line)
      queue.push(line)
    })
    opened.on('SIGINT', () => clearLine(opened))
    opened.on('close', () => {
      if (current !== opened) return
      output.write('\n')
      queue.end()
    })
    return opened
  }
  const close = () => {
    const opened = current
    current = undefined
    opened?.close()
  }
  return {
    isWaiting: queue.isWaiting,
    next: async () => {
      current ??= open()
      current.prompt()
      return await queue.next()
    },
    lend: async (use) => {
      close()
      return await use()
    },
    close,
  }
}

/** As a shell does. */
const clearLine = (opened: Interface): void => {
  const hint = opened.line === '' ? '  (Ctrl-D ends)' : ''
  opened.write(null, { ctrl: true, name: 'e' })
  opened.write(null, { ctrl: true, name: 'u' })
  output.write(`^C${hint}\n`)
  opened.prompt()
}

/** Lines that came and were not asked for yet, as somebody pastes them. */
const lineQueue = () => {
  const lines: string[] = []
  const state = { isOver: false, wake: () => {} }
  return {
    push: (line: string) => {
      lines.push(line)
      state.wake()
    },
    end: () => {
      state.isOver = true
      state.wake()
    },
    isWaiting: () => lines.length > 0,
    next: async (): Promise<string | undefined> => {
      while (lines.length === 0 && !state.isOver) {
        await new Promise<void>((resolve) => {
          state.wake = resolve
        })
      }
      return lines.shift()
    },
  }
}
