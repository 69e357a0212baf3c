import fs from 'node:fs'
import path from 'node:path'
import { BootstandError } from '../core/errors.ts'
import { shortPath } from '../host/paths.ts'
import { namesIn, runsFolder } from '../host/run-folder.ts'

/**
 * The run that a word means: a folder, a name or a part of one below the runs; the newest by default.
 *
 * @param isWanted Selects runs that are preferred to newer ones. Throws for a damaged run, which is then not preferred.
 */
export const findRun = (
  name: string | undefined,
  isWanted: (folder: string) => boolean = () => true,
): string => {
  if (name === '') throw noRun('Expected a run folder, or a part of its name; found an empty name.')
  if (name !== undefined && fs.statSync(name, { throwIfNoEntry: false })?.isDirectory()) {
    return path.resolve(name)
  }
  const parent = runsFolder()
  const names = namesIn(parent).filter((it) => it.includes(name ?? ''))
  const runs = names.flatMap((it) => {
    const folder = path.join(parent, it)
    // One whose boot was refused goes while we look.
    const made = fs.statSync(folder, { throwIfNoEntry: false })?.birthtimeMs
    return made === undefined ? [] : [{ folder, made }]
  })
  const sorted = runs.toSorted((a, b) => a.made - b.made)
  const found = sorted.findLast(({ folder }) => isIntactAnd(isWanted, folder)) ?? sorted.at(-1)
  if (found !== undefined) return found.folder
  const wanted = name === undefined ? 'a run' : `a run folder, or a run called like "${name}",`
  throw noRun(`Expected ${wanted} in ${shortPath(parent)}; found none.`)
}

const isIntactAnd = (isWanted: (folder: string) => boolean, folder: string): boolean => {
  try {
    return isWanted(folder)
  } catch (error) {
    if (error instanceof BootstandError && error.culprit === 'usage') return false
    throw error
  }
}

/** The error of a word that means no run. */
export const noRun = (message: string): BootstandError =>
  new BootstandError('BOOTSTAND_RUN', 'usage', message)
