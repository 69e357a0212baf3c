import { isElfDefect, machineI386 } from '../../formats/elf.ts'
import { elfOf, i386Elf, isOtherKernel, multibootEnd, multibootHeader } from '../look.ts'
import { eachEntry, hex, type Complaint, type Rule } from '../rule.ts'
import type { EntryView, ImageView } from '../subject.ts'

/** The kernel of an entry, unless GRUB boots it in another way: those formats are not looked into. */
const multibootKernel = ({ kernel }: EntryView): Buffer | undefined => {
  if (kernel?.bytes === undefined || (kernel.image.type ?? 'multiboot') !== 'multiboot') {
    return undefined
  }
  const isMultiboot = multibootHeader(kernel.bytes) !== undefined
  return !isMultiboot && isOtherKernel(kernel.bytes) ? undefined : kernel.bytes
}

const checkMultiboot = (view: EntryView): Complaint[] => {
  const bytes = multibootKernel(view)
  if (bytes === undefined || multibootHeader(bytes) !== undefined) return []
  const { image, path } = view.kernel!
  const message = `Expected a multiboot header in the first 8192 bytes of ${path}, found none.`
  return [{ at: image.file!, message }]
}

/** What must be an executable for i386: what GRUB starts, and what kickstart does. */
const executables = (view: EntryView): ImageView[] => [
  ...(isLoadedAsElf(view) ? [view.kernel!] : []),
  ...(view.isKickstart ? view.modules.slice(0, 3) : []),
]

/** A file whose multiboot header says where its bytes go may be of any format. */
const isLoadedAsElf = (view: EntryView): boolean => {
  const bytes = multibootKernel(view)
  const isMultiboot = bytes !== undefined && multibootHeader(bytes) !== undefined
  return view.isKickstart || (isMultiboot && multibootEnd(bytes) === undefined)
}

const checkLoader = ({ kernel }: EntryView): Complaint[] =>
  kernel?.look === 'kernel'
    ? [
        {
          at: kernel.image.file!,
          message: `Expected a loader such as kickstart, found Pistachio's kernel itself (${kernel.path}).`,
        },
      ]
    : []

/** A complaint about each executable for which there is something to say. */
const eachExecutable = (say: (view: ImageView, bytes: Buffer) => string | undefined) =>
  eachEntry((entry) =>
    executables(entry).flatMap((view) => {
      const message = view.bytes === undefined ? undefined : say(view, view.bytes)
      return message === undefined ? [] : [{ at: view.image.file!, message }]
    }),
  )

const notElf = ({ path, file, command }: ImageView, bytes: Buffer): string | undefined => {
  const elf = elfOf(bytes)
  if (!isElfDefect(elf) || elf.defect !== 'no-elf') return undefined
  // module-unzip has a better word for it.
  if (file?.isZipped === true && command.name === 'modulenounzip') return undefined
  const found = bytes.length === 0 ? 'an empty file' : 'another file'
  return `Expected ${path} to be an ELF executable, found ${found}.`
}

const wrongClass = ({ path }: ImageView, bytes: Buffer): string | undefined => {
  const elf = elfOf(bytes)
  if (isElfDefect(elf) || (elf.bits === 32 && elf.machine === machineI386)) return undefined
  const found = elf.bits === 64 ? 'a 64-bit one' : `one for machine ${elf.machine}`
  return `Expected ${path} to be a 32-bit ELF for i386 (machine 3), found ${found}.`
}

const truncated = ({ path }: ImageView, bytes: Buffer): string | undefined => {
  const elf = elfOf(bytes)
  if (!isElfDefect(elf) || elf.defect !== 'truncated') return undefined
  return `Expected ${path} to have ${elf.expectedSize} bytes, as its headers say; found ${bytes.length}.`
}

const entryOutside = ({ path }: ImageView, bytes: Buffer): string | undefined => {
  const elf = i386Elf(bytes)
  if (elf === undefined) return undefined
  const { entry, segments } = elf
  const isInside = segments.some(
    ({ virtual, physical, memorySize }) =>
      (entry >= virtual && entry < virtual + memorySize) ||
      (entry >= physical && entry < physical + memorySize),
  )
  return isInside
    ? undefined
    : `Expected the entry point of ${path} in one of its segments, found it at ${hex(entry)}.`
}

export const imageRules: readonly Rule[] = [
  {
    id: 'not-multiboot',
    severity: 'error',
    trips: 'a kernel without multiboot header that is neither Linux nor BSD',
    why: 'GRUB stops with "Error 13: Invalid or unsupported executable format".',
    check: eachEntry(checkMultiboot),
  },
  {
    id: 'microkernel-as-kernel',
    severity: 'error',
    trips: "Pistachio's kernel on the line of `kernel`, where kickstart belongs",
    why: 'GRUB stops with "Error 28: Selected item cannot fit into memory"; QEMU\'s own loader starts the kernel, which stops in its debugger: "KD# memdesc overflow".',
    check: eachEntry(checkLoader),
  },
  {
    id: 'not-elf',
    severity: 'error',
    trips: 'kernel, sigma0 or root task that is no ELF file',
    why: 'kickstart prints "PANIC: FAIL in line …" (329 kernel, 162 sigma0, 163 root task) and hangs.',
    check: eachExecutable(notElf),
  },
  {
    id: 'wrong-elf-class',
    severity: 'error',
    trips: 'an ELF file for 64 bits or for another processor',
    why: 'kickstart refuses one for 64 bits, prints "PANIC: FAIL in line …" and hangs; it starts one for another processor, whose code is nonsense here. GRUB stops with Error 13.',
    check: eachExecutable(wrongClass),
  },
  {
    id: 'truncated-image',
    severity: 'error',
    trips: 'an ELF file that is shorter than its headers say',
    why: 'What is missing is whatever lies behind it in memory; GRUB stops with Error 13 or 28 if it is the kernel.',
    check: eachExecutable(truncated),
  },
  {
    id: 'entry-outside-segment',
    severity: 'error',
    trips: 'an ELF file whose entry point is in none of its segments',
    why: 'The processor starts where nothing was loaded: a page fault, a triple fault or silence.',
    check: eachExecutable(entryOutside),
  },
]
