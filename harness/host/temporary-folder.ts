import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { writeError } from './place-file.ts'

/**
 * Makes a folder for what lies between, which goes when it is disposed of.
 *
 * @throws {BootstandError} when it cannot be made.
 */
export const temporaryFolder = async (): Promise<{ path: string } & AsyncDisposable> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bootstand-')).catch((error: unknown) => {
    throw writeError(os.tmpdir(), error, 'Name another place in TMPDIR.')
  })
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => await fs.rm(folder, { recursive: true, force: true }),
  }
}
