import { numberIf } from '../hex.ts'
import { blockUntil, match, matches } from '../lines.ts'
import type { DumpReader, Told } from '../reader.ts'

/** How the kernel uses its own memory (KDB's `# k`). */
export interface KernelMemory extends Told {
  readonly system: 'pistachio'
  readonly kind: 'kernel-memory'
  /** In bytes. */
  readonly chunkSize: number | undefined
  readonly freeChunks: number | undefined
  readonly longestRun: number | undefined
  /** How many runs of so many chunks are free; the last one means so many or more. */
  readonly runs: readonly { readonly chunks: number; readonly free: number }[]
  readonly groups: readonly {
    readonly name: string
    readonly size: number
    readonly unit: 'KB' | 'MB' | 'GB'
  }[]
}

const behind = /^(?:\/[a-z]+)*> |--- "/

export const readKernelMemory: DumpReader<KernelMemory> = (lines, at) => {
  if (lines[at]?.text !== 'Kernel memory statistics:') return undefined
  const { text, end } = blockUntil(lines, at, behind, 60)
  const free = match<'chunks' | 'size'>(
    /^ {2}Free chunks = (?<chunks>\d+) \((?<size>\d+[KMG]B)\)$/m,
    text,
  )
  const groups = matches<'name' | 'size' | 'unit'>(
    /^ +(?<name>[a-z]\w+) +(?<size>\d+) (?<unit>[KMG]B)$/gm,
    text,
  ).map(({ name, size, unit }) => ({
    name,
    size: Number(size),
    unit: unit === 'GB' ? ('GB' as const) : unit === 'MB' ? ('MB' as const) : ('KB' as const),
  }))
  return {
    dump: {
      system: 'pistachio',
      kind: 'kernel-memory',
      stop: false,
      summary: [
        `kernel memory${free === undefined ? '' : `: ${free.size} free`}`,
        ...largest(groups).map(({ name, size, unit }) => `${name} ${size} ${unit}`),
      ].join(', '),
      chunkSize: numberIf(match<'it'>(/^ {2}Chunk size {2}= (?<it>\d+) bytes$/m, text)?.it),
      freeChunks: numberIf(free?.chunks),
      longestRun: numberIf(match<'it'>(/^ {2}Max consecutive chunks: (?<it>\d+)$/m, text)?.it),
      runs: matches<'chunks' | 'free'>(/^ +(?<chunks>\d+)[ +] +(?<free>\d+)$/gm, text).map(
        (it) => ({ chunks: Number(it.chunks), free: Number(it.free) }),
      ),
      groups,
    },
    end,
  }
}

/** Groups that a summary names. */
const mostNamed = 3

const magnitude = { KB: 1, MB: 2 ** 10, GB: 2 ** 20 } as const

const largest = (groups: KernelMemory['groups']): KernelMemory['groups'] =>
  groups
    .filter(({ size }) => size > 0)
    .toSorted((a, b) => b.size * magnitude[b.unit] - a.size * magnitude[a.unit])
    .slice(0, mostNamed)
