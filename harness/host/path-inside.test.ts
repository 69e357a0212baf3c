import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pathInside } from './path-inside.ts'

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-inside-'))
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

test.each([
  ['kernel', 'kernel'],
  ['/boot/kernel', 'boot/kernel'],
  ['a/../b', 'b'],
  ['..kernel', '..kernel'],
  ['', ''],
])('%j is inside', (foreign, expected) => {
  expect(pathInside(root, foreign)).toBe(path.join(root, expected))
})

test.each(['..', '../x', '/../../x', 'a/../../x', 'a\0b'])('%j is rejected', (foreign) => {
  expect(() => pathInside(root, foreign)).toThrow(
    expect.objectContaining({ code: 'BOOTSTAND_PATH', exitStatus: 2 }),
  )
})

describe('symbolic links', () => {
  test.each([
    ['to a file outside', '/etc/passwd', 'link'],
    ['to a folder outside', '/etc', 'link/passwd'],
    ['to a file that does not exist yet', '/nowhere/new', 'link'],
    ['to itself', 'link', 'link'],
  ])('a link %s is rejected, unless links are the user’s own', (_what, target, foreign) => {
    fs.symlinkSync(target, path.join(root, 'link'))
    expect(() => pathInside(root, foreign)).toThrow(/that leads out of it\.$/)
    expect(pathInside(root, foreign, { links: 'follow' })).toBe(path.join(root, foreign))
  })

  test('a link that stays inside is followed', () => {
    fs.writeFileSync(path.join(root, 'kernel'), '')
    fs.symlinkSync('kernel', path.join(root, 'link'))
    expect(pathInside(root, 'link')).toBe(path.join(root, 'link'))
  })
})
