import fs from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../host/paths.ts'

/** A format that Bootstand reads, and everything that reads it. */
export interface FuzzedFormat {
  readonly name: string
  readonly samples: () => readonly Buffer[]
  /**
   * Reads damaged bytes. Bad input is answered by a return value, or by a BootstandError that ends with status 2;
   * whatever else is thrown is a defect.
   *
   * @param folder For files, if a reader wants one.
   */
  readonly run: (bytes: Buffer, folder: string) => unknown
}

/** Returns the files below a folder of this repository. */
export const filesBelow = (folder: string, ending = ''): readonly Buffer[] =>
  fs
    .readdirSync(path.join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && it.name.endsWith(ending))
    .map((it) => fs.readFileSync(path.join(it.parentPath, it.name)))

/** Returns the files in a folder. */
export const filesIn = (folder: string): readonly Buffer[] =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => fs.readFileSync(path.join(folder, it.name)))
