import fs from 'node:fs'
import path from 'node:path'
import { pathInside } from '../host/path-inside.ts'
import { readRegularFile } from '../host/read-regular-file.ts'
import { isGzip, largestBootFile, unzippedAsByGrubSync } from '../host/unzip.ts'
import type { Medium, MediumEntry, MediumFile } from './medium.ts'

/** More names than this are no boot medium, but somebody's home. */
const mostEntries = 20_000

/** A directory as if it were the root of the medium. What cannot be read is not there. */
export const folderMedium = (folder: string): Medium => {
  const found = new Map<string, MediumFile | undefined>()
  let entries: readonly MediumEntry[] | undefined
  return {
    find: (name) => {
      if (!found.has(name)) found.set(name, readFile(folder, name))
      return found.get(name)
    },
    list: () => (entries ??= listFiles(folder)),
  }
}

const readFile = (folder: string, name: string): MediumFile | undefined => {
  let file: string
  let stat: fs.Stats
  try {
    // The root of a medium has no parent.
    file = pathInside(folder, path.posix.normalize(name), { links: 'follow' })
    stat = fs.statSync(file)
    fs.accessSync(file, fs.constants.R_OK)
  } catch {
    return undefined
  }
  // A read from a pipe or a device might never end.
  if (!stat.isFile()) return undefined
  const stored = readRegularFile(file, { limit: largestBootFile, what: 'a file to boot' })
  return mediumFile(name, stored, stat.mtimeMs)
}

/** A file of the medium, unzipped as GRUB does it: a damaged gzip file is taken as it is. */
export const mediumFile = (name: string, stored: Buffer, modified: number): MediumFile => {
  const isZipped = isGzip(stored)
  return { path: name, stored, modified, isZipped, bytes: unzippedAsByGrubSync(stored, name) }
}

const listFiles = (folder: string): MediumEntry[] => {
  const entries: MediumEntry[] = []
  const queue = ['/']
  for (let below = queue.shift(); below !== undefined; below = queue.shift()) {
    for (const it of readFolder(path.join(folder, below))) {
      const name = path.posix.join(below, it.name)
      if (it.isDirectory()) queue.push(name)
      else if (it.isFile()) entries.push({ path: name, modified: modifiedAt(folder, name) })
      if (entries.length >= mostEntries) return entries
    }
  }
  return entries
}

const readFolder = (folder: string): fs.Dirent[] => {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

const modifiedAt = (folder: string, name: string): number =>
  fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
