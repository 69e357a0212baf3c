import type { Sample } from '../examination.ts'

/** Bit 9 of EFLAGS. */
const interruptFlag = 0x200

/**
 * Reads what QEMU's monitor answers to `info registers -a` on i386 or x86-64.
 *
 * @returns One for each processor.
 */
export const parseRegisters = (words: string): Sample[] =>
  words.split(/^CPU#/m).flatMap((it) => sampleIn(it) ?? [])

const sampleIn = (words: string): Sample | undefined => {
  const pattern =
    /\b[ER]IP=(?<ip>[0-9a-f]+) [ER]FL=(?<flags>[0-9a-f]+) .*\bCPL=(?<ring>\d).*\bHLT=(?<halted>\d)/
  const found = pattern.exec(words)?.groups
  if (found === undefined) return undefined
  // In real mode, where firmware runs, the program counter alone says little.
  const base = /\bCS =[0-9a-f]+ (?<base>[0-9a-f]+)/.exec(words)?.groups?.['base'] ?? '0'
  const hexadecimal = (digits: string) => Number.parseInt(digits, 16)
  return {
    processor: Number.parseInt(words, 10) || 0,
    address: Number(BigInt.asIntN(64, BigInt(`0x${base}`) + BigInt(`0x${found['ip']}`))),
    ring: Number(found['ring']),
    halted: found['halted'] === '1',
    interruptsOn: (hexadecimal(found['flags']!) & interruptFlag) !== 0,
  }
}

/** How many interrupts devices have raised, from what the monitor answers to `info irq`. */
export const parseInterrupts = (words: string): number | undefined => {
  // Each line counts for the controller named above it; the i8259 sees what a PC's devices raise.
  const [, lines] =
    /statistics for isa-i8259:\s*\n(?<lines>(?:\s*\d+: \d+\s*\n)*)/.exec(words) ?? []
  if (lines === undefined) return undefined
  const counts = [...lines.matchAll(/(?<line>\d+): (?<count>\d+)/g)]
  // Line 2 is the second controller, whose lines are counted themselves.
  return counts.reduce(
    (sum, { groups }) => sum + (groups!['line'] === '2' ? 0 : Number(groups!['count'])),
    0,
  )
}
