import path from 'node:path'
import { expect, test } from 'vitest'
import { elfSymbols } from '../formats/elf-symbols.ts'
import fs from 'node:fs'
import { sourcePlaces } from './source-lines.ts'
import { demangled } from './demangle.ts'
import { packageRoot } from './paths.ts'
import { standInFolder } from './stand-ins.ts'

const file = path.join(standInFolder, 'rt-ud2')

test('tells the line, and what the compiler put into a routine', async () => {
  const bytes = fs.readFileSync(file)
  const { address } = elfSymbols(bytes).find(({ name }) => name === 'main')!
  const ud2 = bytes.indexOf(Buffer.from([0x0f, 0x0b]))
  const lowest = bytes.readUInt32LE(bytes.readUInt32LE(0x1c) + 8)
  const offset = bytes.readUInt32LE(bytes.readUInt32LE(0x1c) + 4)
  const [entry, fault, nowhere] = await sourcePlaces(file, [address, ud2 - offset + lowest, 0x10])
  expect(entry).toMatchObject({ source: expect.stringMatching(/\.[ch]:\d+$/), inlined: [] })
  expect(fault).toMatchObject({
    source: expect.stringMatching(/rt-ud2\.c:\d+$/),
    inlined: ['task'],
  })
  expect(nowhere).toEqual({ inlined: [] })
})

test('a file that names /dev/zero for its debug information is not followed there', async () => {
  const hostile = path.join(packageRoot, 'fixtures/hostile/elf/debuglink-dev-zero')
  expect(await sourcePlaces(hostile, [0x08048054])).toEqual([{ inlined: [] }])
}, 3_000)

test('one name that c++filt would take for two changes no other name', async () => {
  const names = ['_Z1xv', '_Z1y\nv', 'main', '_Z1zv', `_Z${'N'.repeat(10_000)}`]
  expect(await demangled(names)).toEqual(['x', names[1], 'main', 'z', names[4]])
})
