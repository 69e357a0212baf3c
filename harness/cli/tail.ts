import fs from 'node:fs'
import path from 'node:path'
import type { Verdict } from '../boot/verdict.ts'
import { BootstandError, systemCode } from '../core/errors.ts'
import { processesIn } from '../host/processes.ts'
import { runsFolder } from '../host/run-folder.ts'
import { shortPath } from '../host/paths.ts'
import { ConsoleView } from './console-view.ts'
import { follow, type FollowedFile } from './follow.ts'
import { onceSignalled } from './signals.ts'

/** Bytes of a console that are shown of what was printed before. */
const shownBefore = 16_384

/** `bootstand tail`: follows a run from another terminal. */
export const tail = async (name: string | undefined): Promise<void> => {
  const folder = findRun(name)
  const files = consoleFiles(folder)
  if (files.length === 0) {
    throw usageError(
      `Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`,
    )
  }
  process.stderr.write(`${shortPath(folder)}\n`)
  const view = new ConsoleView(
    process.stdout,
    files.map((it) => it.role),
  )
  const signalled = onceSignalled()
  const left = new AbortController()
  void signalled.signal.then(() => left.abort())
  process.stdout.once('error', () => left.abort())
  const isOver = () => verdictOf(folder) !== undefined || processesIn(folder).length === 0
  await follow(
    files,
    isOver,
    {
      onBytes: (role, bytes) => view.print(role, bytes),
      onQuiet: (role) => view.settle(role),
    },
    left.signal,
  )
  view.close()
  signalled.dispose()
  const verdict = verdictOf(folder)
  const end = verdict === undefined ? 'no verdict' : `${verdict.outcome}: ${verdict.summary}`
  if (!left.signal.aborted) process.stderr.write(`${end}\n`)
}

/** The run that a word means: a folder, a name or a part of one below the runs; the newest by default. */
const findRun = (name: string | undefined): string => {
  if (name !== undefined && fs.statSync(name, { throwIfNoEntry: false })?.isDirectory()) {
    return path.resolve(name)
  }
  const parent = runsFolder()
  const runs = namesIn(parent).filter((it) => it.includes(name ?? ''))
  // Names begin with the time.
  const found = runs.toSorted().at(-1)
  if (found !== undefined) return path.join(parent, found)
  const wanted = name === undefined ? 'a run' : `a run folder, or a run called like "${name}",`
  throw usageError(`Expected ${wanted} in ${shortPath(parent)}; found none.`)
}

const namesIn = (folder: string): string[] => {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

const consoleFiles = (folder: string): FollowedFile[] =>
  namesIn(folder)
    .filter((it) => it.endsWith('.out'))
    .map((it) => {
      const file = path.join(folder, it)
      const from = Math.max(0, fs.statSync(file).size - shownBefore)
      return { role: path.basename(it, '.out'), path: file, from }
    })

const verdictOf = (folder: string): Verdict | undefined => {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'verdict.json'), 'utf8')) as Verdict
  } catch (error) {
    // Not there yet, or being written.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

const usageError = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RUN', 'usage', message)
