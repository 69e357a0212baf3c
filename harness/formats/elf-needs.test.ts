import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { elfNeeds } from './elf-needs.ts'

/** Node itself is a dynamically linked program for this machine. */
const node = fs.readFileSync(process.execPath)

test('names the dynamic linker and the libraries of a program', () => {
  expect(elfNeeds(node)).toMatchObject({
    bits: 64,
    interpreter: expect.stringMatching(/^\/lib.*\/ld-linux/),
    libraries: expect.arrayContaining(['libc.so.6']),
  })
})

test('a static program of 32 bits needs nothing', () => {
  const program = fs.readFileSync(path.join(standInFolder, 'rt-spin'))
  expect(elfNeeds(program)).toEqual({ bits: 32, machine: 3, libraries: [] })
})

test('never throws, whatever the bytes', () => {
  const head = node.subarray(0, 8_192)
  fc.assert(
    fc.property(fc.nat(2_000), fc.uint8Array({ maxLength: 64 }), (at, noise) => {
      const damaged = Buffer.from(head)
      damaged.set(noise, at)
      for (const bytes of [damaged, damaged.subarray(0, at), Buffer.from(noise)]) {
        expect(() => elfNeeds(bytes)).not.toThrow()
      }
    }),
    { numRuns: 50 },
  )
})
