import type { Dump } from '../dumps/dumps-in.ts'
import type { LoadedModule } from './load-lines.ts'

/** Whose memory an address is, where no file of the boot set is at hand. */
export interface Area {
  readonly name: string
  /** What says so. */
  readonly source: 'load lines' | 'boot messages' | 'layout'
}

/** The layout of an L4Ka::Pistachio system; the byte behind the end. */
const layout: readonly { readonly name: string; readonly low: number; readonly high: number }[] = [
  { name: 'the kernel', low: 0xf0_10_00_00, high: 0x1_00_00_00_00 },
  { name: 'sigma0', low: 0x2_00_00, high: 0x3_00_00 },
]

/** What a log tells of the memory. */
export interface MemoryMap {
  readonly modules: readonly LoadedModule[]
  /** Where programs see the kernel interface page. */
  readonly page: number | undefined
}

/** Names the memory at an address; nothing where no source names it. */
export const areaAt = (
  address: number,
  ring: number | undefined,
  system: Dump['system'],
  { modules, page }: MemoryMap,
): Area | undefined => {
  if (system !== 'pistachio') return undefined
  if (page !== undefined && (page ^ address) >>> 12 === 0)
    return { name: 'the kernel interface page', source: 'boot messages' }
  const loaded = modules.find(
    ({ role, segments }) =>
      (role === 'kernel') === (ring === 0) &&
      segments.some(({ low, high }) => address >= low && address < high),
  )
  if (loaded !== undefined)
    return {
      name: loaded.role === 'sigma0' ? loaded.role : `the ${loaded.role}`,
      source: 'load lines',
    }
  const known = layout.find(({ low, high }) => address >= low && address < high)
  return known && { name: known.name, source: 'layout' }
}

/** `root-servers: … kip_area: bff000c0 (4KB)`: an fpage, whose lower twelve bits are its size and rights. */
export const interfacePage = (lines: readonly string[]): number | undefined => {
  const said = lines.findLast((line) => line.startsWith('root-servers: '))
  const base = said && /kip_area: ([0-9a-f]{8}) \(4KB\)/.exec(said)?.[1]
  return base === undefined || base === '' ? undefined : Number.parseInt(base, 16)
}
