import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { elfSections } from '../formats/elf-sections.ts'
import { elfSymbols } from '../formats/elf-symbols.ts'
import { standInFolder } from '../host/stand-ins.ts'
import { addressMap } from './address-map.ts'

const file = (name: string) => ({ name, bytes: fs.readFileSync(path.join(standInFolder, name)) })
const addressOf = (name: string, symbol: string) =>
  elfSymbols(file(name).bytes).find((it) => it.name === symbol)!.address

const booted = ['kickstart', 'ia32-kernel', 'sigma0', 'rt-spin'].map(file)

test('finds the kernel by its virtual addresses, and programs where they are loaded', () => {
  const { find } = addressMap(booted)
  const kernelMain = addressOf('ia32-kernel', 'kernel_main')
  expect(kernelMain).toBeGreaterThan(0xf010_0000)
  expect(find(kernelMain + 5, 0)).toEqual([
    { image: 'ia32-kernel', symbol: 'kernel_main', offset: 5 },
  ])
  expect(find(addressOf('rt-spin', 'main'), 3)).toEqual([
    { image: 'rt-spin', symbol: 'main', offset: 0 },
  ])
  expect(find(addressOf('kickstart', 'kickstart'), 0)).toMatchObject([{ image: 'kickstart' }])
})

test('finds the kernel by its physical addresses, where it runs before paging is on', () => {
  const { find } = addressMap(booted)
  const linkedAt = addressOf('ia32-kernel', 'kernel_main') + 5
  expect(find(linkedAt - 0xf000_0000, 0)).toEqual([
    { image: 'ia32-kernel', symbol: 'kernel_main', offset: 5, linkedAt },
  ])
  expect(find(linkedAt - 0xf000_0000, 3)).toEqual([])
})

test('the ring tells a kernel from a program', () => {
  const { find } = addressMap(booted)
  expect(find(addressOf('rt-spin', 'main'), 0)).toEqual([])
  expect(find(addressOf('ia32-kernel', 'kernel_main'), 3)).toEqual([])
  expect(find(0xb000_0000, 3)).toEqual([])
})

test('two programs that are linked at one address are both named', () => {
  const { find } = addressMap([...booted, file('pingpong')])
  const places = find(addressOf('rt-spin', 'main'), 3)
  expect(places.map((it) => it.image)).toEqual(['rt-spin', 'pingpong'])
})

test('what lies behind a section is not called by its last name', () => {
  const { find } = addressMap(booted)
  const [returned] = find(addressOf('rt-spin', 'returned') + 1, 3)
  expect(returned).toEqual({ image: 'rt-spin', symbol: 'returned', offset: 1 })
  const texts = elfSections(file('rt-spin').bytes).find(({ name }) => name === '.rodata')!
  expect(find(texts.address, 3)).toEqual([{ image: 'rt-spin' }])
})

test('a file without names is named itself', () => {
  const bytes = Buffer.from(file('rt-spin').bytes)
  bytes.writeUInt16LE(0, 0x30)
  const { find } = addressMap([file('kickstart'), { name: 'stripped', bytes }])
  expect(find(addressOf('rt-spin', 'main'), 3)).toEqual([{ image: 'stripped' }])
})
