import type { Hex } from './hex.ts'

/** An exception of the x86 (Intel SDM volume 3, table 6-1). */
export interface Trap {
  readonly vector: number
  readonly mnemonic: string
  readonly name: string
}

const traps: readonly (readonly [mnemonic: string, name: string] | undefined)[] = [
  ['#DE', 'divide error'],
  ['#DB', 'debug exception'],
  ['NMI', 'non-maskable interrupt'],
  ['#BP', 'breakpoint'],
  ['#OF', 'overflow'],
  ['#BR', 'bound range exceeded'],
  ['#UD', 'invalid opcode'],
  ['#NM', 'device not available'],
  ['#DF', 'double fault'],
  ['CSO', 'coprocessor segment overrun'],
  ['#TS', 'invalid task state segment'],
  ['#NP', 'segment not present'],
  ['#SS', 'stack segment fault'],
  ['#GP', 'general protection fault'],
  ['#PF', 'page fault'],
  undefined,
  ['#MF', 'x87 floating-point error'],
  ['#AC', 'alignment check'],
  ['#MC', 'machine check'],
  ['#XM', 'SIMD floating-point exception'],
  ['#VE', 'virtualization exception'],
  ['#CP', 'control protection exception'],
]

/** The exception of a vector, where the architecture defines one. */
export const trapOf = (vector: number): Trap | undefined => {
  const [mnemonic, name] = traps[vector] ?? []
  return mnemonic === undefined || name === undefined ? undefined : { vector, mnemonic, name }
}

/** The exception of a mnemonic such as `#GP`. */
export const trapNamed = (mnemonic: string): Trap | undefined =>
  trapOf(traps.findIndex((it) => it?.[0] === mnemonic))

/** What the bits of EFLAGS or RFLAGS say. */
export interface Flags {
  /** The flags that are set, by the manual's names, the lowest bit first. */
  readonly set: readonly string[]
  /** From 0 to 3. */
  readonly ioPrivilegeLevel: number
}

const flagBits: readonly (readonly [bit: number, name: string])[] = [
  [0, 'CF'],
  [2, 'PF'],
  [4, 'AF'],
  [6, 'ZF'],
  [7, 'SF'],
  [8, 'TF'],
  [9, 'IF'],
  [10, 'DF'],
  [11, 'OF'],
  [14, 'NT'],
  [16, 'RF'],
  [17, 'VM'],
  [18, 'AC'],
  [19, 'VIF'],
  [20, 'VIP'],
  [21, 'ID'],
]

/** Reads EFLAGS or the lower half of RFLAGS. */
export const flagsOf = (value: Hex): Flags => {
  const bits = lowBits(value)
  return {
    set: flagBits.filter(([bit]) => (bits >>> bit) & 1).map(([, name]) => name),
    ioPrivilegeLevel: (bits >>> 12) & 3,
  }
}

/** What the error code of a page fault says. */
export interface PageFaultError {
  readonly access: 'read' | 'write' | 'fetch'
  /** Whether the processor ran a program, not the kernel. */
  readonly user: boolean
  /** Whether the page is there, and only the access was not allowed. */
  readonly present: boolean
}

/** Reads a page fault's error code. */
export const pageFaultError = (code: Hex): PageFaultError => {
  const bits = lowBits(code)
  return {
    access: bits & 16 ? 'fetch' : bits & 2 ? 'write' : 'read',
    user: (bits & 4) !== 0,
    present: (bits & 1) !== 0,
  }
}

/** `write to a page that is not there, by a program`. */
export const describePageFaultError = ({ access, user, present }: PageFaultError): string =>
  [
    { read: 'read of', write: 'write to', fetch: 'jump into' }[access],
    present ? 'a page that does not allow it,' : 'a page that is not there,',
    user ? 'by a program' : 'by the kernel',
  ].join(' ')

/** The ring that a code segment's selector runs in, from 0 (the kernel) to 3. */
export const ringOf = (codeSegment: Hex): number => lowBits(codeSegment) & 3

const lowBits = (value: Hex): number => Number.parseInt(value.slice(-8).replace('0x', ''), 16) || 0
