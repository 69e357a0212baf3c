import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standInFolder } from '../host/stand-ins.ts'
import { isElfDefect, machineI386, parseElf } from './elf.ts'
import { findMultibootHeader } from './multiboot.ts'

const standIn = (name: string) => fs.readFileSync(path.join(standInFolder, name))

test('tells where a kernel is loaded and entered', () => {
  const kernel = parseElf(standIn('ia32-kernel'))
  if (isElfDefect(kernel)) throw new Error(kernel.defect)
  expect(kernel).toMatchObject({ bits: 32, machine: machineI386 })
  // Its first segment has the file's own headers; they lie right below 1 MiB, as Pistachio's do.
  expect(kernel.segments.slice(0, 2).map((it) => it.physical)).toEqual([0xf_f000, 0x10_0000])
})

test('tells that a file is cut off, and how long it should be', () => {
  const pingpong = standIn('pingpong')
  const cut = parseElf(pingpong.subarray(0, 5_000))
  expect(cut).toMatchObject({ defect: 'truncated' })
  expect(parseElf(Buffer.from('title Pistachio\n'))).toEqual({ defect: 'no-elf' })
})

test('never throws, whatever the bytes', () => {
  const pingpong = standIn('pingpong').subarray(0, 512)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(511), (noise, at) => {
      const bytes = Buffer.concat([pingpong.subarray(0, at), Buffer.from(noise)])
      for (const input of [bytes, Buffer.from(noise)]) {
        expect(() => [parseElf(input), findMultibootHeader(input)]).not.toThrow()
      }
    }),
  )
})

test('finds a multiboot header where GRUB would', () => {
  const kickstart = standIn('kickstart')
  expect(findMultibootHeader(kickstart)).toBeLessThan(8192)
  expect(findMultibootHeader(standIn('sigma0'))).toBeUndefined()
  const late = Buffer.concat([Buffer.alloc(8192), kickstart])
  expect(findMultibootHeader(late)).toBeUndefined()
})
