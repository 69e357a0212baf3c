import { hex, hexIf, numberIf, type Hex } from '../hex.ts'
import { blockUntil, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** A program that the kernel starts. */
export interface RootServer {
  readonly name: string
  readonly ip: Hex
  readonly sp: Hex
  readonly low: Hex
  /** The byte behind it. */
  readonly high: Hex
}

export interface MemoryDescriptor {
  /** Unknown where the heading is lost. */
  readonly memory: 'physical' | 'virtual' | undefined
  readonly low: Hex
  /** The last byte. */
  readonly high: Hex
  readonly type: string
  /** The type's own number, such as the boot loader's. */
  readonly subtype: number | undefined
}

/** The kernel interface page (KDB's `K`). */
export interface KernelInterfacePage extends Told {
  readonly system: 'pistachio'
  readonly kind: 'kernel-interface-page'
  readonly magic: string | undefined
  /** As printed, such as `0x84.0x 5`. */
  readonly apiVersion: string | undefined
  readonly bootInfo: Hex | undefined
  readonly threadBits: number | undefined
  readonly pageSizes: readonly string[] | undefined
  readonly rootServers: readonly RootServer[]
  readonly kernelId: string | undefined
  readonly generated: string | undefined
  readonly kernelVersion: string | undefined
  readonly supplier: string | undefined
  readonly version: string | undefined
  readonly features: readonly string[]
  /** Offsets into the page. */
  readonly systemCalls: Readonly<Record<string, Hex>>
  readonly processors: readonly {
    readonly processor: number
    readonly externalMHz: number
    readonly internalMHz: number
  }[]
  readonly memory: readonly MemoryDescriptor[]
  /** The regions that the boot loader set: main, reserved, dedicated memory. */
  readonly regions: readonly { readonly name: string; readonly low: Hex; readonly high: Hex }[]
}

const behind = /^(?:\/[a-z]+)*> |--- "/

export const readKernelInterfacePage: DumpReader<KernelInterfacePage> = (lines, at) => {
  if (lines[at]?.text !== 'Kernel Interface Page:') return undefined
  const { text, end } = blockUntil(lines, at, behind, 160)
  const field = (name: string): string | undefined =>
    match<'it'>(new RegExp(`^  ${name} +(?<it>\\S.*?) *$`, 'm'), text)?.it
  const version = field('Version string')
  const found = {
    magic: field('Magic'),
    apiVersion: field('API version'),
    bootInfo: hexIf(match<'it'>(/^ {2}Boot info +0x(?<it>[0-9a-f]{8})$/m, text)?.it),
    threadBits: numberIf(match<'it'>(/thread bits: (?<it>\d+)/, text)?.it),
    pageSizes: match<'it'>(/^ {2}Page info +sizes: (?<it>[^,]+),/m, text)?.it.split(' '),
    rootServers: matches<'name' | 'ip' | 'sp' | 'low' | 'high'>(
      /^ {2}(?<name>\w+(?: \w+)*) +ip: 0x(?<ip>[0-9a-f]{8}), sp: 0x(?<sp>[0-9a-f]{8}), 0x(?<low>[0-9a-f]{8}):0x(?<high>[0-9a-f]{8})$/gm,
      text,
    ).map(({ name, ip, sp, low, high }) => ({
      name,
      ip: hex(ip),
      sp: hex(sp),
      low: hex(low),
      high: hex(high),
    })),
    kernelId: field('Kernel ID'),
    generated: field('Kernel gen date'),
    kernelVersion: field('Kernel version'),
    supplier: field('Kernel supplier'),
    version,
    features: featuresIn(text),
    systemCalls: Object.fromEntries(
      matches<'name' | 'at'>(
        /(?<name>[A-Z]\w+) +0x(?<at>[0-9a-f]{8})\b/g,
        sectionOf(text, 'System call offsets:'),
      ).map(({ name, at: offset }) => [name, hex(offset)] as const),
    ),
    processors: matches<'processor' | 'external' | 'internal'>(
      /^ {2}Proc +(?<processor>\d+): +external freq = (?<external>\d+)MHz, internal freq = (?<internal>\d+)MHz$/gm,
      text,
    ).map(({ processor, external, internal }) => ({
      processor: Number(processor),
      externalMHz: Number(external),
      internalMHz: Number(internal),
    })),
    memory: memoryIn(text),
    regions: matches<'name' | 'low' | 'high'>(
      /^ {2}(?<name>(?:Main|Reserved|Dedicated) \w+) +0x(?<low>[0-9a-f]{8}) - 0x(?<high>[0-9a-f]{8})$/gm,
      text,
    ).map(({ name, low, high }) => ({ name, low: hex(low), high: hex(high) })),
  }
  return {
    dump: {
      system: 'pistachio',
      kind: 'kernel-interface-page',
      stop: false,
      summary: ['kernel interface page', version].filter(Boolean).join(': '),
      ...found,
    },
    end,
  }
}

/** The lines below a heading, to the next blank line. */
const sectionOf = (text: string, heading: string): string => {
  const from = text.indexOf(heading)
  if (from === -1) return ''
  const to = text.indexOf('\n\n', from)
  return text.slice(from + heading.length, to === -1 ? undefined : to)
}

const featuresIn = (text: string): readonly string[] => {
  const from = /^ {2}Features +/m.exec(text)
  if (from === null) return []
  const rest = sectionOf(text.slice(from.index), '  Features')
  return rest
    .split('\n')
    .flatMap((line) => line.trim().split(/ +/))
    .filter((it) => it !== '')
}

const memoryIn = (text: string): readonly MemoryDescriptor[] => {
  let memory: MemoryDescriptor['memory']
  return matches<'memory' | 'low' | 'high' | 'type' | 'subtype'>(
    /^ +(?<memory>Physical:|Virtual:)? +0x(?<low>[0-9a-f]{8}) - 0x(?<high>[0-9a-f]{8}) {3}(?<type>[a-z][a-z ]*?)(?: \((?<subtype>\d+)\))?$/gm,
    text,
  ).map((it) => {
    if (it.memory !== '') memory = it.memory === 'Physical:' ? 'physical' : 'virtual'
    return {
      memory,
      low: hex(it.low),
      high: hex(it.high),
      type: it.type,
      subtype: numberIf(it.subtype),
    }
  })
}
