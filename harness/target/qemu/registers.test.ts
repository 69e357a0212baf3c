import { expect, test } from 'vitest'
import { addressDigits } from '../../core/text.ts'
import { parseInterrupts, parseRegisters } from './registers.ts'

// What QEMU 7.2 answers, as far as it is read.
const registers = ({
  ip = '004004ff',
  flags = '00003202',
  cs = '001b 00000000',
  ring = 3,
  halted = 0,
}) =>
  `\r\nCPU#0\r\nEAX=00000000 EBX=00000000 ECX=0000000a EDX=000003f8\r
ESI=00000000 EDI=00000000 EBP=00402558 ESP=00402540\r
EIP=${ip} EFL=${flags} [-------] CPL=${ring} II=0 A20=1 SMM=0 HLT=${halted}\r
ES =0023 00000000 ffffffff 00cff300 DPL=3 DS   [-WA]\r
CS =${cs} ffffffff 00cffb00 DPL=3 CS32 [-RA]\r\n`

test('reads where the processor is, and in what state', () => {
  expect(parseRegisters(registers({}))).toEqual([
    { processor: 0, address: 0x4004ff, ring: 3, halted: false, interruptsOn: true },
  ])
  const idle = registers({ ip: 'f0101a12', flags: '00000046', ring: 0, halted: 1 })
  expect(parseRegisters(idle)).toEqual([
    { processor: 0, address: 0xf0101a12, ring: 0, halted: true, interruptsOn: false },
  ])
})

test('adds the code segment, which real mode has', () => {
  const bios = registers({ ip: '0000d184', cs: 'f000 000f0000', ring: 0 })
  expect(parseRegisters(bios)[0]?.address).toBe(0xfd184)
})

test('reads each processor', () => {
  const second = registers({ ring: 0, halted: 1 }).replace('CPU#0', 'CPU#1')
  expect(parseRegisters(registers({}) + second)).toMatchObject([
    { processor: 0, ring: 3, halted: false },
    { processor: 1, ring: 0, halted: true },
  ])
})

test('reads a 64-bit processor too, and nothing from anything else', () => {
  const words = 'RIP=ffffffff81000abc RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1'
  expect(parseRegisters(words)).toMatchObject([{ ring: 0, halted: true, interruptsOn: true }])
  expect(addressDigits(parseRegisters(words)[0]!.address)).toBe('0xffffffff81000abc')
  expect(parseRegisters('unknown command: info registers')).toEqual([])
})

test('counts what devices raised, the second controller only once', () => {
  const words =
    'IRQ statistics for ioapic:\r\n 0: 127\r\n 8: 1164\r\n' +
    'IRQ statistics for isa-i8259:\r\n 0: 127\r\n 2: 1164\r\n 4: 1\r\n 8: 1164\r\n'
  expect(parseInterrupts(words)).toBe(1292)
  expect(parseInterrupts('IRQ statistics not available for ioapic\r\n')).toBeUndefined()
})
