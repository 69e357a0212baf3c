import { expect, test } from 'vitest'
import { pistachioProfile } from '../../kernel/pistachio.ts'
import { OwnBoot, type Sifted } from './own-boot.ts'

const begins = pistachioProfile.begins!

/** What becomes of a text that comes in pieces of so many bytes. */
const sifted = (text: string, size: number, marks = { begins }) => {
  const boot = new OwnBoot(marks)
  const all: Sifted[] = []
  for (let at = 0; at < text.length; at += size) all.push(boot.sift(text.slice(at, at + size)))
  const join = (key: 'stale' | 'own') => all.map((it) => it[key]).join('')
  return {
    stale: join('stale') + boot.rest(),
    own: join('own'),
    again: all.flatMap((it) => it.again ?? []),
  }
}

const grub = '\x1b[2J\x1b[1;1H\n    GNU GRUB  version 0.97  (639K lower / 64512K upper memory)\n'
const kernel = 'KickStart 0.7 (stand-in)\r\nLaunching kernel ...\r\n'

test.for([1, 2, 7, 4096])('a boot counts from its own banner, in pieces of %i', (size) => {
  const stale = 'IPC (63 MRs): 12.00 cycles\n--- "KD# panic" ---\n\x00\xff\xff'
  expect(sifted(`${stale}${grub}${kernel}`, size)).toEqual({
    stale,
    own: `${grub}${kernel}`,
    again: [],
  })
})

test('noise on the line of a first banner is cut off', () => {
  expect(sifted(`\xfe\x00x${kernel}`, 5)).toEqual({ stale: '\xfe\x00x', own: kernel, again: [] })
})

test.for([1, 3, 4096])('a second boot is nobody’s, in pieces of %i', (size) => {
  const { own, again } = sifted(`${grub}${kernel}main\r\n${grub}${kernel}`, size)
  expect(own).toMatch(/^\x1b\[2J[^]*main\r\n/)
  expect(own.match(/KickStart/g)).toHaveLength(1)
  expect(again).toEqual(['GNU GRUB  version 0.97  (639K lower / 64512K upper memory)'])
})

test('a loader that draws its menu twice has not begun again', () => {
  expect(sifted(`${grub}${grub}${kernel}`, 9)).toMatchObject({ stale: '', again: [] })
})

test('without any banner nothing counts, and nothing is lost', () => {
  const stale = 'stale line\n'.repeat(4000)
  expect(sifted(stale, 1000)).toEqual({ stale, own: '', again: [] })
})
