import fs from 'node:fs'
import path from 'node:path'

/** Commands that are remembered; the file may have twice as many. */
const mostLines = 1000

/** What somebody has typed, from one session to the next. */
export interface CommandHistory {
  /** The newest first. */
  readonly lines: () => string[]
  readonly add: (line: string) => void
}

/** Reads a history from its file, and keeps it there. It is a comfort: what cannot be kept is forgotten. */
export const commandHistory = (file: string): CommandHistory => {
  const lines = readLines(file)
  if (lines.length > 2 * mostLines) shorten(file, lines.slice(-mostLines))
  return {
    lines: () => lines.slice(-mostLines).toReversed(),
    add: (line) => {
      if (line.trim() === '' || line === lines.at(-1)) return
      lines.push(line)
      attempt(() => {
        fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
        fs.appendFileSync(file, `${line}\n`, { mode: 0o600 })
      })
    },
  }
}

const readLines = (file: string): string[] => {
  const text = attempt(() => fs.readFileSync(file, 'utf8')) ?? ''
  return text.split('\n').filter((it) => it !== '')
}

/** Two sessions may do so at once: each replaces the file as a whole. */
const shorten = (file: string, lines: readonly string[]): void => {
  attempt(() => {
    const beside = `${file}.${process.pid}`
    fs.writeFileSync(beside, `${lines.join('\n')}\n`, { mode: 0o600 })
    fs.renameSync(beside, file)
  })
}

const attempt = <T>(action: () => T): T | undefined => {
  try {
    return action()
  } catch {
    return undefined
  }
}
