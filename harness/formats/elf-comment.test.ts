import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { elfCompilers } from './elf-comment.ts'

const program = fs.readFileSync(path.join(standInFolder, 'rt-ud2'))

test('names the compiler of a program, once', () => {
  expect(elfCompilers(program)).toEqual([expect.stringMatching(/^GCC: .*\d+\.\d+\.\d+$/)])
})

test('names none for a file without the section, a damaged one, and no ELF file', () => {
  const renamed = Buffer.from(program)
  renamed.write('.cOmment', renamed.indexOf('.comment'))
  expect(elfCompilers(renamed)).toEqual([])
  expect(elfCompilers(program.subarray(0, 5_000))).toEqual([])
  fc.assert(fc.property(fc.uint8Array(), (it) => elfCompilers(Buffer.from(it)).length === 0))
})
