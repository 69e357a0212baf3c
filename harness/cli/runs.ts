import fs from 'node:fs'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { namesIn, runsFolder } from '../host/run-folder.ts'

/** The run that a word means: a folder, a name or a part of one below the runs; the newest by default. */
export const findRun = (name: string | undefined): string => {
  if (name !== undefined && fs.statSync(name, { throwIfNoEntry: false })?.isDirectory()) {
    return path.resolve(name)
  }
  const parent = runsFolder()
  const runs = namesIn(parent).filter((it) => it.includes(name ?? ''))
  const madeAt = (run: string) => fs.statSync(path.join(parent, run)).birthtimeMs
  const found = runs.toSorted((a, b) => madeAt(a) - madeAt(b)).at(-1)
  if (found !== undefined) return path.join(parent, found)
  const wanted = name === undefined ? 'a run' : `a run folder, or a run called like "${name}",`
  throw noRun(`Expected ${wanted} in ${shortPath(parent)}; found none.`)
}

/** The error of a word that means no run. */
export const noRun = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RUN', 'usage', message)
