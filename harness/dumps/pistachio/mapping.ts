import { hex, type Hex } from '../hex.ts'
import { match } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** Who got a page. */
export interface MappedPage {
  /** How often it was handed on: 1 is the first receiver. */
  readonly depth: number
  readonly space: Hex
  readonly address: Hex
  readonly pageEntry: Hex
  readonly node: Hex
}

/** A page of some size, with who got it at that size. */
export interface MappingNode {
  readonly address: Hex
  /** Such as `4MB`. */
  readonly size: string
  /** `root` or `map`. */
  readonly type: string
  readonly node: Hex
  readonly pages: readonly MappedPage[]
}

/** What the mapping database knows of an address (KDB's `m`), the largest page first. */
export interface Mapping extends Told {
  readonly system: 'pistachio'
  readonly kind: 'mapping'
  readonly nodes: readonly MappingNode[]
}

const nodeLine =
  /^ {0,20}(?<address>[0-9a-f]{8}): (?<size>\d{1,4}[KMG]B) \[(?<type>[a-z]{1,10})\] \((?<node>[0-9a-f]{8})\)$/
const pageLine =
  /^ {1,60}\[(?<depth>\d{1,3})\] space=(?<space>[0-9a-f]{8}) {2}vaddr=(?<address>[0-9a-f]{8}) {2}pgent=(?<pageEntry>[0-9a-f]{8}) {2}\((?<node>[0-9a-f]{8})\)$/

export const readMapping: DumpReader<Mapping> = (lines, at) => {
  const nodes: (Omit<MappingNode, 'pages'> & { readonly pages: MappedPage[] })[] = []
  let end = at
  for (; end < lines.length; end += 1) {
    const text = lines[end]?.text
    const node = match<'address' | 'size' | 'type' | 'node'>(nodeLine, text)
    const page = match<'depth' | 'space' | 'address' | 'pageEntry' | 'node'>(pageLine, text)
    const last = nodes.at(-1)
    if (node !== undefined) {
      const { address, size, type } = node
      nodes.push({ address: hex(address), size, type, node: hex(node.node), pages: [] })
    } else if (page !== undefined && last !== undefined) {
      last.pages.push({
        depth: Number(page.depth),
        space: hex(page.space),
        address: hex(page.address),
        pageEntry: hex(page.pageEntry),
        node: hex(page.node),
      })
    } else break
  }
  const [first] = nodes
  if (first === undefined) return undefined
  const spaces = nodes.flatMap(({ pages }) => pages.map(({ space }) => space))
  return {
    dump: {
      system: 'pistachio',
      kind: 'mapping',
      stop: false,
      summary: `address ${first.address} is mapped ${spaces.length === 0 ? 'to no space' : `to ${spaces.join(', ')}`}`,
      nodes,
    },
    end,
  }
}
