import { plainLines } from './load-lines.ts'

/** What a log shows that has a known cure. */
export interface AdvisedFinding {
  readonly id: string
  /** Of the log, from 1: where it was seen first. */
  readonly line: number
  readonly advice: string
  /** Where the advice comes from. */
  readonly source: string
}

interface KnownFinding extends Omit<AdvisedFinding, 'line'> {
  /** Tried on plain lines. */
  readonly pattern: RegExp
  /** How often a log has the line before it means this. */
  readonly least?: number
}

const recordings = 'fixtures/recordings/pistachio'

/** A cause that was seen once need not be the only one; the advice says so. */
const known: readonly KnownFinding[] = [
  {
    id: 'kernel-memory-exhausted',
    pattern: /KD# kmem_alloc: out of kernel memory/,
    advice:
      "The kernel has used up its own memory. Reserve more by kickstart's option kmem=, such as kmem=64M (16 MB otherwise), in a machine that has as much; where kickstart does not know the option, the number is ADDITIONAL_KMEM_SIZE in its source.",
    source: `kickstart's mbi-loader.cc; ${recordings}/20-err-mem16.log`,
  },
  {
    id: 'modules-swapped',
    pattern: /KD# total quantum IPC unimplemented/,
    advice:
      'It was seen with sigma0 and the root task in the wrong order. The modules are the kernel, sigma0 and the root task, in this order.',
    source: `${recordings}/20-err-swapped-sigma0-root.log`,
  },
  {
    id: 'no-kickstart',
    pattern: /KD# memdesc overflow/,
    advice:
      'It was seen with a kernel that GRUB started by itself. `kernel` in the menu names kickstart; the kernel is the first `module`.',
    source: `${recordings}/20-err-kernel-direct-nokickstart.log`,
  },
  {
    id: 'image-overlaps',
    pattern: /^ {5}Conflict with (?:multiboot )?module \d+ \(/,
    advice:
      'Link the image to another address. With kickstart 0.13 a root task has 0x00400000 to 0x00800000 for itself.',
    source: `kickstart's load lines in ${recordings}/kdb-rt-ud2.log`,
  },
  {
    id: 'null-pointer-maybe',
    pattern: /: invalid opcode at IP [0-9a-f]{8}$/,
    advice:
      'gcc makes an undefined instruction of an access through a pointer that it knows to be null. At run time no null pointer faults under sigma0, which gives page 0 like any other memory.',
    source: `${recordings}/10-rt-nullderef.log`,
  },
  {
    id: 'machine-reset',
    pattern: /^KickStart \d/,
    least: 2,
    advice:
      'The machine began anew while this was recorded. If nobody reset it, it was a triple fault: QEMU writes the registers to the file of -d cpu_reset -D FILE, and -no-reboot keeps the end.',
    source: "QEMU's manual, -d and -no-reboot",
  },
  {
    id: 'no-initial-console',
    pattern: /Warning: unable to open an initial console\./,
    advice:
      'The root file system needs /dev/console (mknod /dev/console c 5 1), and console= must name a device that this kernel drives.',
    source: "Linux' init/main.c and Documentation/serial-console.txt",
  },
  {
    id: 'ramdisk-too-big',
    pattern: /RAMDISK: image too big! \(/,
    advice: 'Give the ramdisk at least the size of the image by ramdisk_size=, in KiB.',
    source: "Linux' Documentation/ramdisk.txt",
  },
]

/** Finds what is known, each once, in the order of its lines. */
export const findingsIn = (text: string): readonly AdvisedFinding[] => {
  const lines = plainLines(text).map((it) => (it.length > longest ? '' : it))
  return known
    .flatMap(({ pattern, least = 1, ...finding }) => {
      const seen: number[] = []
      for (const [index, line] of lines.entries()) {
        if (pattern.test(line)) seen.push(index + 1)
        if (seen.length === least) break
      }
      return seen.length < least ? [] : [{ ...finding, line: seen.at(-1)! }]
    })
    .toSorted((a, b) => a.line - b.line)
}

/** No such line is longer. */
const longest = 4096
