import type { Dump } from '../dumps/dumps-in.ts'
import type { BootedProgram } from './booted-programs.ts'
import type { LoadedModule } from './load-lines.ts'

/** Whose memory an address is, where no file of the boot set is at hand. */
export interface Area {
  /** Joined by `or` where several may lie there. */
  readonly name: string
  /** What says so; a typical layout need not be this guest's. */
  readonly source: 'load lines' | 'boot messages' | 'boot information' | 'typical layout'
  /** Where a typical layout is stated. */
  readonly stated?: string
}

interface TypicalArea {
  readonly name: string
  readonly low: number
  /** The byte behind. */
  readonly high: number
  readonly stated: string
  /** Whether kickstart would have said that it loads it there. */
  readonly isModule: boolean
}

const notes = "L4Ka's notes on L4Linux-2.4, Decomposing"

/** Where the parts of an L4Ka::Pistachio system for IA32 usually are. */
const layout: readonly TypicalArea[] = [
  { name: 'the kernel', low: 0xf0_10_00_00, high: 0x1_00_00_00_00, stated: notes, isModule: false },
  { name: 'sigma0', low: 0x2_00_00, high: 0x3_00_00, stated: notes, isModule: true },
  { name: 'L4Linux', low: 0x3f_f0_00, high: 0x70_00_00, stated: notes, isModule: true },
  {
    name: 'another root task',
    low: 0x40_00_00,
    high: 0x80_00_00,
    stated: 'fixtures/recordings/pistachio/kdb-rt-ud2.log',
    isModule: true,
  },
  {
    name: "L4Linux' emulib in its programs",
    low: 0xa0_00_80_00,
    high: 0xa0_00_90_00,
    stated: notes,
    isModule: false,
  },
]

/** Where the kernel sees its own memory from the first byte on: kickstart loads it at the physical address. */
const kernelOffset = 0xf0_00_00_00

/** What a log tells of the memory. */
export interface MemoryMap {
  readonly modules: readonly LoadedModule[]
  readonly programs: readonly BootedProgram[]
  /** Where programs see the kernel interface page. */
  readonly page: number | undefined
}

/**
 * Names the memory at an address; nothing where no source names it.
 *
 * @param ring 0 is the kernel's; nothing where nobody said it.
 */
export const areaAt = (
  address: number,
  ring: number | undefined,
  system: Dump['system'],
  { modules, programs, page }: MemoryMap,
): Area | undefined => {
  // Linux in a log with kickstart's lines is L4Linux: a program.
  const isKnown = modules.length + programs.length > 0
  const isHere = system === 'pistachio' || (system === 'linux' && isKnown)
  if (!isHere) return undefined
  if (page !== undefined && (page ^ address) >>> 12 === 0)
    return { name: 'the kernel interface page', source: 'boot messages' }
  const isKernel = ring === 0 && system === 'pistachio'
  const loaded = modules.find(
    (it) =>
      (it.role === 'kernel' && liesIn(it, address - kernelOffset)) ||
      ((it.role === 'kernel') === isKernel && liesIn(it, address)),
  )
  if (loaded !== undefined)
    return {
      name: loaded.role === 'sigma0' ? loaded.role : `the ${loaded.role}`,
      source: 'load lines',
    }
  const program = isKernel
    ? undefined
    : programs.find(({ low, high }) => address >= low && address < high)
  if (program !== undefined) return { name: program.name, source: 'boot information' }
  return typicalArea(
    address,
    layout.filter((it) => (!isKernel || it.name === 'the kernel') && !(it.isModule && isKnown)),
  )
}

const liesIn = ({ segments }: LoadedModule, address: number): boolean =>
  segments.some(({ low, high }) => address >= low && address < high)

const typicalArea = (address: number, areas: readonly TypicalArea[]): Area | undefined => {
  const known = areas.filter(({ low, high }) => address >= low && address < high)
  if (known.length === 0) return undefined
  return {
    name: known.map(({ name }) => name).join(' or '),
    source: 'typical layout',
    stated: [...new Set(known.map(({ stated }) => stated))].join('; '),
  }
}

/** `root-servers: … kip_area: bff000c0 (4KB)`: an fpage, whose lower twelve bits are its size and rights. */
export const interfacePage = (lines: readonly string[]): number | undefined => {
  const said = lines.findLast((line) => line.startsWith('root-servers: '))
  const base = said && /kip_area: ([0-9a-f]{8}) \(4KB\)/.exec(said)?.[1]
  return base === undefined || base === '' ? undefined : Number.parseInt(base, 16)
}
