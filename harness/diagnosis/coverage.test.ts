import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { elfFunctions } from '../formats/elf-functions.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { imageCoverage } from './coverage.ts'

test("code counts at its virtual and its physical address, where its bytes are the image's", () => {
  const kernel = path.join(standInFolder, 'ia32-kernel')
  const bytes = fs.readFileSync(kernel)
  const place = (name: string) => elfFunctions(bytes).find((it) => it.name === name)!
  const firstByte = (name: string) => bytes[place(name).address - 0xf0100000 + 0x1000]!
  const line = (address: number, byte: number) =>
    `0x${address.toString(16).padStart(8, '0')}:  ${byte.toString(16).padStart(2, '0')} ${' '.repeat(20)} somewhat\n`
  const log = [
    'CPU Reset (CPU 0)\nEIP=0000fff0\n',
    line(place('ipc').address, firstByte('ipc')),
    line(place('reset').address - 0xf0000000, firstByte('reset')),
    line(place('page_fault').address, firstByte('page_fault') ^ 1),
  ]
  const file = { name: 'ia32-kernel', path: kernel, bytes }
  const [{ functions, isReached } = { functions: [], isReached: () => false }] = imageCoverage(
    [file],
    log.join('----------------\nIN: \n'),
  )
  expect(functions.filter((it) => it.reached > 0)).toEqual(
    ['reset', 'ipc'].map((name) => ({ ...place(name), reached: 1 })),
  )
  expect(isReached(place('reset').address)).toBe(true)
})
