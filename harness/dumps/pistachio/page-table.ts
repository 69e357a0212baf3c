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
  readonly entries: readonly (PageTablePointer | PageTableEntry)[]
}

const pointer = /^(?<address>[0-9a-f]{8}) \[(?<entry>[0-9a-f]{8})\]: *tree=(?<tree>[0-9a-f]{8})$/
const page =
  /^(?<address>[0-9a-f]{8}) \[(?<entry>[0-9a-f]{8})\]: +phys=(?<physical>[0-9a-f]{8}) map=(?<mapping>[0-9a-f]{8}) +(?<size>\d{1,4}[KMG]B) (?<rights>[rwx~]{3}) \((?<referenced>[RWX~]{3})\) (?<attributes>\S.{0,40})$/
const between = /^Continue \(y\/n\)/

export const readPageTable: DumpReader<PageTable> = (lines, at) => {
  const entries: (PageTablePointer | PageTableEntry)[] = []
  let end = at
  for (let next = at; next < lines.length; next += 1) {
    const entry = entryAt(lines, next)
    if (entry !== undefined) {
      entries.push(entry)
      end = next + 1
    } else if (entries.length === 0 || !between.test(lines[next]?.text ?? '')) break
  }
  if (entries.length === 0) return undefined
  const pages = entries.filter((it) => 'physical' in it)
  return {
    dump: {
      system: 'pistachio',
      kind: 'page-table',
      stop: false,
      summary: `page table with ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`,
      entries,
    },
    end,
  }
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
