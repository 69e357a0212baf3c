import { loadSpanOf, type AddressSpan } from '../look.ts'
import { moduleSpans } from '../packing.ts'
import { eachKickstart, hex, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, ImageView, Subject } from '../subject.ts'

const mebibyte = 2 ** 20

/** Something that takes a place in memory. */
interface Occupant extends AddressSpan {
  readonly what: string
}

const overlaps = (a: AddressSpan, b: AddressSpan): boolean => a.start < b.end && b.start < a.end

const spanOf = ({ bytes }: ImageView): AddressSpan | undefined =>
  bytes === undefined ? undefined : loadSpanOf(bytes)

const itself = 'kickstart'

const printed = ({ start, end }: AddressSpan): string => `${hex(start)}-${hex(end)}`

/** What is in memory when kickstart begins: itself, and the modules as GRUB has put them there. */
const loadedByGrub = (view: EntryView): Occupant[] => {
  const own = spanOf(view.kernel!)
  const places = moduleSpans(view).flatMap((span, index) =>
    span === undefined
      ? []
      : [
          {
            ...span,
            what: `multiboot module ${index}, ${view.modules[index]!.path}, as GRUB loads it`,
          },
        ],
  )
  return [...(own === undefined ? [] : [{ ...own, what: itself }]), ...places]
}

const checkOverlap = (view: EntryView): Complaint[] => {
  const taken = loadedByGrub(view)
  return view.modules.slice(0, 3).flatMap((module) => {
    const span = spanOf(module)
    if (span === undefined) return []
    const other = taken.find((it) => overlaps(it, span))
    taken.push({ ...span, what: `${module.path} where it is linked` })
    if (other === undefined) return []
    const message = `Expected ${module.path} (${printed(span)}) to have its memory to itself, found ${other.what} (${printed(other)}).`
    const why =
      other.what === itself ? 'kickstart does not look at itself: it is overwritten.' : undefined
    return [{ at: module.image.file!, message, ...(why !== undefined && { why }) }]
  })
}

const checkAbove = (view: EntryView, { context }: Subject): Complaint[] => {
  const memory = context.machine?.memory
  if (memory === undefined) return []
  const places = moduleSpans(view)
  return [view.kernel!, ...view.modules].flatMap((it, index) => {
    const linked = index <= 3 ? spanOf(it) : undefined
    const loaded = index === 0 ? undefined : places[index - 1]
    const high = [linked, loaded].find((span) => (span?.end ?? 0) > memory * mebibyte)
    if (high === undefined) return []
    const message = `Expected ${it.path} to end below the ${memory} MiB of the machine, found it at ${printed(high)}.`
    const isByGrub = high === loaded || index === 0
    const why = isByGrub
      ? 'GRUB stops with "Error 28: Selected item cannot fit into memory".'
      : undefined
    return [{ at: it.image.file!, message, ...(why !== undefined && { why }) }]
  })
}

/** additional_kmem_size of kickstart's mbi-loader.cc. */
const defaultKernelMemory = 16 * mebibyte
/** MAX_KMEM_END of kickstart's mbi-ia32.cc, and what a larger `kmem=` is cut to. */
const highestKernelMemory = 240 * mebibyte
const mostKernelMemory = 232 * mebibyte
/** Where the memory begins that kickstart takes it from. */
const extendedMemory = mebibyte

const factors = { K: 2 ** 10, M: mebibyte, G: 2 ** 30, '': 1 } as const

/** The size of an option, which kickstart finds anywhere in its line. */
const givenSize = ({ image }: ImageView, option: 'kmem' | 'maxmem'): number | undefined => {
  const pattern = new RegExp(`${option}=([0-9]+)([KMG]?)`)
  const [, digits, unit] = pattern.exec(image.commandLine) ?? []
  return digits === undefined ? undefined : Number(digits) * factors[unit as keyof typeof factors]
}

const kernelMemoryWord = ({ command, image }: ImageView) =>
  command.words.find((it) => it.text.includes('kmem=')) ?? image.file ?? command.word

/** Exact: a page too much must not read as if it fitted. */
const inMebibytes = (bytes: number): string =>
  bytes % 2 ** 18 === 0 ? `${bytes / mebibyte} MiB` : `${bytes / 2 ** 10} KiB`

const checkKernelMemory = (view: EntryView, { context }: Subject): Complaint[] => {
  const memory = (context.machine?.memory ?? Number.POSITIVE_INFINITY) * mebibyte
  const limit = Math.min(memory, givenSize(view.kernel!, 'maxmem') ?? memory)
  if (limit === Number.POSITIVE_INFINITY) return []
  const given = givenSize(view.kernel!, 'kmem')
  const asked = given ?? defaultKernelMemory
  const size = asked >= highestKernelMemory ? mostKernelMemory : asked
  const top = Math.min(limit, highestKernelMemory)
  const used = Math.max(extendedMemory, ...view.modules.slice(0, 3).map(endInside(top)))
  if (size <= top - used) return []
  const found = `${inMebibytes(size)}${given === undefined ? ", kickstart's default" : ''}`
  const message = `Expected kernel memory that fits between ${hex(used)} and ${hex(top)}, found ${found}.`
  return [{ at: kernelMemoryWord(view.kernel!), message }]
}

/** The end of an image that is loaded below an address; load-above-memory tells of the others. */
const endInside =
  (top: number) =>
  (view: ImageView): number => {
    const end = spanOf(view)?.end ?? 0
    return end > top ? 0 : end
  }

const checkKernelMemoryLimit = ({ kernel }: EntryView): Complaint[] => {
  const given = givenSize(kernel!, 'kmem')
  if (given === undefined || given < highestKernelMemory) return []
  const message = `Expected kernel memory below ${inMebibytes(highestKernelMemory)}, found ${inMebibytes(given)}.`
  return [{ at: kernelMemoryWord(kernel!), message }]
}

export const memoryRules: readonly Rule[] = [
  {
    id: 'load-overlap',
    severity: 'error',
    trips:
      'kernel, sigma0 or root task linked onto each other, onto kickstart, or onto a module as GRUB packs them',
    why: 'kickstart prints "Conflict with …", "Please choose a different link base", "PANIC: FAIL in line …" and hangs.',
    check: eachKickstart(checkOverlap),
  },
  {
    id: 'load-above-memory',
    severity: 'error',
    trips: 'an image that is linked or loaded above the end of memory',
    why: 'It is copied to nowhere: the kernel boots, and then nothing more is printed.',
    check: eachKickstart(checkAbove),
  },
  {
    id: 'kernel-memory',
    severity: 'error',
    trips:
      '`kmem=`, or the default of 16 MiB, that does not fit below the end of memory, `maxmem=` and 240 MiB',
    why: 'The kernel stops with "kmem_alloc: out of kernel memory", or kickstart with "PANIC: FAIL in line 241".',
    check: eachKickstart(checkKernelMemory),
  },
  {
    id: 'kernel-memory-limit',
    severity: 'warning',
    trips: '`kmem=` of 240 MiB or more',
    why: 'kickstart reserves 232 MiB, and says the larger number.',
    check: eachKickstart(checkKernelMemoryLimit),
  },
]
