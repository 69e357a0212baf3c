import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** A folder of the test's own, which goes with it. */
export let folder: string

/** Where its runs lie, in that folder. */
export let runs: string

/** Gives each test of a file a folder, and keeps its runs there. */
export const useRuns = (): void => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-runs-'))
    runs = path.join(folder, 'runs')
    fs.mkdirSync(runs)
    process.env['BOOTSTAND_RUNS'] = runs
  })
  afterEach(() => {
    delete process.env['BOOTSTAND_RUNS']
    fs.rmSync(folder, { recursive: true })
  })
}
