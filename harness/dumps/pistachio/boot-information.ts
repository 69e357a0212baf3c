import { hex, hexIf, type Hex } from '../hex.ts'
import { blockUntil, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** Where a piece of a program lies. */
export interface ProgramSection {
  readonly name: string
  readonly physical: Hex
  readonly virtual: Hex
  readonly size: Hex
}

/** A record of the generic boot information. */
export interface BootRecord {
  readonly record: number
  /** Such as `Simple executable`, `Multiboot info`. */
  readonly type: string
  readonly version: number
  readonly sections: readonly ProgramSection[]
  readonly entry: Hex | undefined
  /** A program's module line, as the loader got it. */
  readonly commandLine: string | undefined
  readonly address: Hex | undefined
}

/** The generic boot information that kickstart made (KDB's `B`). */
export interface BootInformation extends Told {
  readonly system: 'pistachio'
  readonly kind: 'boot-information'
  readonly address: Hex
  readonly magic: Hex | undefined
  readonly size: Hex | undefined
  readonly records: readonly BootRecord[]
}

const heading = /^Generic BootInfo @ (?<address>[0-9a-f]{8})$/
const behind = /^(?:\/[a-z]+)*> |--- "/

export const readBootInformation: DumpReader<BootInformation> = (lines, at) => {
  const head = match<'address'>(heading, lines[at]?.text)
  if (head === undefined) return undefined
  const { text, end } = blockUntil(lines, at, behind)
  const records = text
    .split(/^(?=\[\d+\] )/m)
    .map(recordIn)
    .filter((it) => it !== undefined)
  const programs = records.flatMap(({ commandLine }) => commandLine ?? [])
  return {
    dump: {
      system: 'pistachio',
      kind: 'boot-information',
      stop: false,
      summary: ['boot information', programs.join(', ')].filter(Boolean).join(': '),
      address: hex(head.address),
      magic: hexIf(match<'it'>(/^ {2}magic: +0x(?<it>[0-9a-f]+)$/m, text)?.it),
      size: hexIf(match<'it'>(/^ {2}size: +0x(?<it>[0-9a-f]+)$/m, text)?.it),
      records,
    },
    end,
  }
}

const recordIn = (text: string): BootRecord | undefined => {
  const head = match<'record' | 'type' | 'version'>(
    /^\[(?<record>\d+)\] (?<type>\w[\w ]*) \(version (?<version>\d+)\):/,
    text,
  )
  if (head === undefined) return undefined
  const field = (name: string): string | undefined =>
    match<'it'>(new RegExp(`^  ${name}: +(?<it>\\S.*)$`, 'm'), text)?.it
  return {
    record: Number(head.record),
    type: head.type,
    version: Number(head.version),
    sections: matches<'name' | 'physical' | 'virtual' | 'size'>(
      /^ {2}(?<name>[a-z]+): +\[paddr: (?<physical>[0-9a-f]{8}), vaddr: (?<virtual>[0-9a-f]{8}), size: (?<size>[0-9a-f]{8})\]$/gm,
      text,
    ).map(({ name, physical, virtual, size }) => ({
      name,
      physical: hex(physical),
      virtual: hex(virtual),
      size: hex(size),
    })),
    entry: hexIf(match<'it'>(/^ {2}entry: +(?<it>[0-9a-f]{8})$/m, text)?.it),
    commandLine: field('cmdline'),
    address: hexIf(match<'it'>(/^ {2}address: +(?<it>[0-9a-f]{8})$/m, text)?.it),
  }
}
