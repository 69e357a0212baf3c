import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { elfSymbols } from './elf-symbols.ts'

const standIn = (name: string) => fs.readFileSync(path.join(standInFolder, name))

test('names the code of a program, by ascending addresses', () => {
  const symbols = elfSymbols(standIn('rt-spin'))
  const named = symbols.map((it) => it.name)
  expect(named).toEqual(expect.arrayContaining(['_start', 'main', 'printf', 'serial_put']))
  const main = symbols.find((it) => it.name === 'main')!
  expect(main).toMatchObject({ binding: 'global' })
  expect(main.size).toBeGreaterThan(10)
  expect(symbols.map((it) => it.address)).toEqual(
    symbols.map((it) => it.address).toSorted((a, b) => a - b),
  )
})

test('has no data, files or sections among them', () => {
  const named = elfSymbols(standIn('ia32-kernel')).map((it) => it.name)
  expect(named).toContain('kernel_main')
  for (const name of ['kip', 'main.c', 'boot_thread']) expect(named).not.toContain(name)
})

test('never throws, whatever the bytes', () => {
  const whole = standIn('rt-spin')
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 64 }), (at, noise) => {
      const damaged = Buffer.from(whole)
      damaged.set(noise.subarray(0, whole.length - at), at)
      for (const bytes of [damaged, whole.subarray(0, at), Buffer.from(noise)]) {
        expect(Array.isArray(elfSymbols(bytes))).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})
