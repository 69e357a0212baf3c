import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRegularFile } from './read-regular-file.ts'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-read-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

test('a regular file is read, also through a link', () => {
  fs.writeFileSync(path.join(folder, 'log'), 'text')
  fs.symlinkSync('log', path.join(folder, 'link'))
  expect(readRegularFile(path.join(folder, 'link')).toString()).toBe('text')
})

test.each([
  ['fifo', 'a FIFO', (file: string) => execFileSync('mkfifo', [file])],
  ['folder', 'a directory', (file: string) => fs.mkdirSync(file)],
  ['zero', 'a device', (file: string) => fs.symlinkSync('/dev/zero', file)],
  ['loop', 'a symbolic link that leads to itself', (file: string) => fs.symlinkSync('loop', file)],
  ['nothing', 'nothing', () => {}],
])('%s is rejected: found %s', (name, found, make) => {
  const file = path.join(folder, name)
  make(file)
  expect(() => readRegularFile(file, { what: 'a verdict' })).toThrow(
    expect.objectContaining({
      exitStatus: 2,
      message: `Expected a verdict at ${file}, found ${found}.`,
    }),
  )
})

test('a file above the limit is rejected with the limit', () => {
  const file = path.join(folder, 'large')
  fs.writeFileSync(file, '')
  fs.truncateSync(file, 3 * 2 ** 30)
  expect(() => readRegularFile(file)).toThrow('found 3072.0 MiB; the limit is 1024.0 MiB.')
})
