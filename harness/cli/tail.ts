import { output } from '../host/output.ts'
import fs from 'node:fs'
import path from 'node:path'
import { readVerdict } from '../run-folder/verdict-file.ts'
import { shortPath } from '../host/paths.ts'
import { openRegularFile } from '../host/read-regular-file.ts'
import { rolesIn, isRunning } from '../host/run-folder.ts'
import { ConsoleView } from './console-view.ts'
import { follow, type FollowedFile } from './follow.ts'
import { say } from './print.ts'
import { findRun, noRun } from '../evidence/find-run.ts'
import { onceSignalled } from './signals.ts'

/** Bytes of a console that are shown of what was printed before. */
const shownBefore = 16_384

/** `bootstand tail`: follows a run from another terminal. */
export const tail = async (name: string | undefined): Promise<void> => {
  const folder = findRun(name)
  const files = consoleFiles(folder)
  if (files.length === 0) {
    throw noRun(`Expected a run folder at ${shortPath(folder)}; found no console (*.out) in it.`)
  }
  say(shortPath(folder))
  const view = new ConsoleView(
    output,
    files.map((it) => it.role),
  )
  const signalled = onceSignalled()
  const left = new AbortController()
  void signalled.signal.then(() => left.abort())
  output.onceLost(() => left.abort())
  await follow(
    files,
    () => !isRunning(folder),
    {
      onBytes: async (role, bytes) => {
        view.print(role, bytes)
        await output.room(left.signal)
      },
      onQuiet: (role) => view.settle(role),
    },
    left.signal,
  )
  view.close()
  signalled.dispose()
  const verdict = readVerdict(folder)
  const end =
    verdict === undefined
      ? 'no verdict: what ran it was killed, or is about to go'
      : `${verdict.outcome}: ${verdict.summary}`
  const stops = verdict?.stops.map(({ meaning }) => `Seen: ${meaning}.\n`) ?? []
  if (!left.signal.aborted) say(`${stops.join('')}${end}`)
}

/** @throws {BootstandError} (culprit: usage) when a console is no regular file. */
const consoleFiles = (folder: string): FollowedFile[] =>
  rolesIn(folder).map((role) => {
    const file = path.join(folder, `${role}.out`)
    const { descriptor, size } = openRegularFile(file, { what: 'a console', limit: Infinity })
    fs.closeSync(descriptor)
    return { role, path: file, from: Math.max(0, size - shownBefore) }
  })
