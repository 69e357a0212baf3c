import { addressMap, type ImageFile } from '../../diagnosis/address-map.ts'
import { placeNames } from '../../diagnosis/place-text.ts'
import { staysIn, type Stay } from '../../diagnosis/trail.ts'
import type { TracedInstruction } from '../../formats/execution-log.ts'
import { parseRegisters } from '../../target/qemu/registers.ts'
import type { Replayer } from '../../target/qemu/replayer.ts'

interface StackWord {
  readonly address: string
  readonly value: string
  readonly place?: string
}

/** Where a replay stands. */
export interface ReplayState {
  readonly instruction: number
  /** The program counter's; of several when it is not certain which. */
  readonly places: readonly string[]
  /** The files in which those are. */
  readonly images: readonly string[]
  readonly registers: readonly string[]
  readonly stack: readonly StackWord[]
  /** The routines through which the guest came there, the last one at the end. */
  readonly trail: readonly (Omit<Stay, 'places'> & { readonly places: readonly string[] })[]
}

/**
 * Asks a replay that stands still.
 *
 * @param trail.executed What was executed last.
 * @param trail.lines How many routines of that to give.
 */
export const stateOf = async (
  replayer: Replayer,
  booted: readonly ImageFile[],
  trail: { readonly executed: readonly TracedInstruction[]; readonly lines: number },
): Promise<ReplayState> => {
  const words = (await replayer.ask('info registers')).split(/\r?\n/)
  const [{ address, ring } = { address: 0, ring: 0 }] = parseRegisters(words.join('\n'))
  const map = addressMap(booted)
  const isLong = words.some((it) => it.startsWith('RAX='))
  // The monitor of a 64-bit machine has no register of that name.
  const top = /[ER]SP=(?<top>[0-9a-f]+)/.exec(words.join('\n'))?.groups?.['top'] ?? '0'
  const read = await replayer.ask(`x /8x${isLong ? 'g' : 'w'} 0x${top}`)
  const values = [...read.matchAll(/0x(?<value>[0-9a-f]+)/g)].map(({ groups }) => groups!['value']!)
  const cells = values.map((digits, index) => ({
    address: (BigInt(`0x${top}`) + BigInt(index * (isLong ? 8 : 4))).toString(16),
    value: Number.parseInt(digits, 16),
    digits,
  }))
  const found = [address, ...cells.map(({ value }) => value)].map((at) => map.find(at, ring))
  const instruction = replayer.instruction
  const stays = staysIn(trail.executed, instruction, map.find).slice(-trail.lines)
  const nameOf = await placeNames([...found.map((places) => ({ places })), ...stays])
  const named = found.map((places) => places.map(nameOf))
  return {
    instruction,
    places: named[0]!,
    images: found[0]!.map(({ image }) => image),
    registers: words.filter((it) => /^[ER]/.test(it)).slice(0, isLong ? 5 : 3),
    stack: cells.map(({ address: at, digits }, index) => {
      // Every number lies in some file; what lies in a routine may be where one goes back to.
      const [place] = found[index + 1]!.some(({ symbol }) => symbol) ? named[index + 1]! : []
      return { address: at, value: digits, ...(place !== undefined && { place }) }
    }),
    trail: stays.map(({ places, ...stay }) => ({
      ...stay,
      places: places.map((it) => (it.symbol ? nameOf(it) : `${nameOf(it)}, 0x${stay.address}`)),
    })),
  }
}

/** The same for people. */
export const textOf = ({ instruction, places, registers, stack, trail }: ReplayState): string[] => [
  `Before instruction ${instruction}${places.length === 0 ? '' : `, at ${places.join(' or ')}`}`,
  ...registers,
  ...stack.map(
    (it) => `${it.address}: ${it.value}${it.place === undefined ? '' : `  ${it.place}`}`,
  ),
  ...(trail.length === 0
    ? []
    : ['It came there through (from instruction, instructions, times in a loop, where):']),
  ...trail.map(
    (it) =>
      `${it.instruction} ${String(it.count).padStart(7)} ${(it.times === 1 ? '' : `${it.times}×`).padStart(5)}  ${it.places.join(' or ') || `0x${it.address}`}`,
  ),
]
