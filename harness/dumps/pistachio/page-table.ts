import { hex, type Hex } from '../hex.ts'
import { match, type Lines } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** An entry of a page directory that leads to a page table. */
export interface PageTablePointer {
  readonly address: Hex
  readonly entry: Hex
  /** Where the kernel sees the page table. */
  readonly tree: Hex
}

/** An entry that maps a page. */
export interface PageTableEntry {
  readonly address: Hex
  readonly entry: Hex
  readonly physical: Hex
  /** The mapping database's node. */
  readonly mapping: Hex
  /** Such as `4KB`. */
  readonly size: string
  /** As printed: `r`, `w`, `x`, or `~` for each that is not allowed. */
  readonly rights: string
  /** As printed: what the page was used for. */
  readonly referenced: string
  /** Who may use it, how it is cached, as printed. */
  readonly attributes: string
}

/** A space's page table (KDB's `p`). */
export interface PageTable extends Told {
  readonly system: 'pistachio'
  readonly kind: 'page-table'
  /** The addresses that were asked for, the end not included; absent where the table is shown whole. */
  readonly range: { readonly from: Hex; readonly to: Hex } | undefined
  readonly entries: readonly (PageTablePointer | PageTableEntry)[]
}

const pointer = /^(?<address>[0-9a-f]{8}) \[(?<entry>[0-9a-f]{8})\]: *tree=(?<tree>[0-9a-f]{8})$/
const page =
  /^(?<address>[0-9a-f]{8}) \[(?<entry>[0-9a-f]{8})\]: +phys=(?<physical>[0-9a-f]{8}) map=(?<mapping>[0-9a-f]{8}) +(?<size>\d{1,4}[KMG]B) (?<rights>[rwx~]{3}) \((?<referenced>[RWX~]{3})\) (?<attributes>\S.{0,40})$/
const between = /^Continue \(y\/n\)/
const start = /^start address \[0{8}\]: (?<from>[0-9a-f]{8})$/
const stop = /^end address \[0{8}\]: (?<to>[0-9a-f]{8})$/

export const readPageTable: DumpReader<PageTable> = (lines, at) => {
  const entries: (PageTablePointer | PageTableEntry)[] = []
  const range = rangeAt(lines, at)
  const first = range === undefined ? at : at + 2
  let end = first
  for (let next = first; next < lines.length; next += 1) {
    const entry = entryAt(lines, next)
    if (entry !== undefined) {
      entries.push(entry)
      end = next + 1
    } else if (entries.length === 0 || !between.test(lines[next]?.text ?? '')) break
  }
  if (entries.length === 0 && range === undefined) return undefined
  const pages = entries.filter((it) => 'physical' in it)
  return {
    dump: {
      system: 'pistachio',
      kind: 'page-table',
      stop: false,
      summary: [
        `page table with ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`,
        range && `from ${range.from}`,
      ]
        .filter(Boolean)
        .join(' '),
      range,
      entries,
    },
    end,
  }
}

const rangeAt = (lines: Lines, at: number): PageTable['range'] => {
  const from = match<'from'>(start, lines[at]?.text)?.from
  const to = match<'to'>(stop, lines[at + 1]?.text)?.to
  return from === undefined || to === undefined ? undefined : { from: hex(from), to: hex(to) }
}

const unitBytes = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const

const bytesOf = (size: string): number =>
  Number.parseInt(size, 10) * unitBytes[size.at(-2) as keyof typeof unitBytes]

/** In words, what a page table says of an address; nothing where it was not asked for that part. */
export const pageAt = ({ range, entries }: PageTable, address: number): string | undefined => {
  const found = entries.find(
    (it): it is PageTableEntry =>
      'physical' in it &&
      address >= Number(it.address) &&
      address < Number(it.address) + bytesOf(it.size),
  )
  if (found !== undefined) {
    const { rights, attributes, physical, size } = found
    const who = attributes.startsWith('kernel') ? "the kernel's alone" : "the program's"
    const how = rights.startsWith('rw') ? 'writable' : 'read-only'
    return `${how}, ${who}: a page of ${size} at the physical address ${physical}`
  }
  if (range === undefined) return undefined
  // An end at 4 GiB is written as 0.
  const end = Number(range.to) === 0 ? 2 ** 32 : Number(range.to)
  return address >= Number(range.from) && address < end ? 'not mapped' : undefined
}

const entryAt = (lines: Lines, at: number): PageTablePointer | PageTableEntry | undefined => {
  const text = lines[at]?.text
  const toTable = match<'address' | 'entry' | 'tree'>(pointer, text)
  if (toTable !== undefined) {
    const { address, entry, tree } = toTable
    return { address: hex(address), entry: hex(entry), tree: hex(tree) }
  }
  const toPage = match<
    | ('address' | 'entry' | 'physical' | 'mapping')
    | ('size' | 'rights' | 'referenced' | 'attributes')
  >(page, text)
  if (toPage === undefined) return undefined
  const { address, entry, physical, mapping, ...rest } = toPage
  return {
    address: hex(address),
    entry: hex(entry),
    physical: hex(physical),
    mapping: hex(mapping),
    ...rest,
  }
}
