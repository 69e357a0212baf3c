import { rmSync } from 'node:fs'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { writeError } from './place-file.ts'

/** Those that are there. */
const open = new Set<string>()

// A command that a signal ends disposes of nothing.
process.on('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/**
 * Makes a folder for what lies between, which goes when it is disposed of, or with the process.
 *
 * @throws {BootstandError} when it cannot be made.
 */
export const temporaryFolder = async (): Promise<{ path: string } & AsyncDisposable> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-')).catch((error: unknown) => {
    throw writeError(os.tmpdir(), error, 'Name another place in TMPDIR.')
  })
  open.add(folder)
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => {
      await fs.rm(folder, { recursive: true, force: true })
      open.delete(folder)
    },
  }
}
