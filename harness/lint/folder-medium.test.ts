import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderMedium } from './folder-medium.ts'

let parent: string
let folder: string

beforeEach(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-medium-'))
  folder = path.join(parent, 'medium')
  fs.mkdirSync(path.join(folder, 'boot'), { recursive: true })
})

afterEach(() => fs.rmSync(parent, { recursive: true }))

test('files are found below the directory, unzipped as GRUB does it', () => {
  fs.writeFileSync(path.join(folder, 'boot/kernel.gz'), gzipSync('kernel'))
  fs.writeFileSync(path.join(folder, 'damaged'), Buffer.from([0x1f, 0x8b, 8]))
  const medium = folderMedium(folder)
  expect(medium.find('/boot/kernel.gz')).toMatchObject({ isZipped: true })
  expect(medium.find('/boot/kernel.gz')?.bytes.toString()).toBe('kernel')
  expect(medium.find('/damaged')?.bytes).toEqual(Buffer.from([0x1f, 0x8b, 8]))
  expect(medium.list().map((it) => it.path)).toEqual(['/damaged', '/boot/kernel.gz'])
})

test('nothing else is: no parent, no pipe that never ends, no name of bytes', () => {
  fs.writeFileSync(path.join(parent, 'secret'), '')
  execFileSync('mkfifo', [path.join(folder, 'pipe')])
  fs.symlinkSync('loop', path.join(folder, 'loop'))
  const medium = folderMedium(folder)
  for (const name of ['/../secret', '/pipe', '/loop', '/boot', '/a\0b', '/gone']) {
    expect(medium.find(name)).toBeUndefined()
  }
  expect(medium.list()).toEqual([])
})
