import { elfSymbols } from '../../formats/elf-symbols.ts'

/** Where KDB puts a record's text together (kdb/generic/tracebuffer.cc), as a compiler names it. */
const textOfRecord = /dump_tbuf.*tb_str/

/** Pistachio x86-x32 keeps above it what is there after the boot. */
const kernelArea = 0xc000_0000

/**
 * Whether KDB of this kernel can show its trace buffer. The linker script of 2014 forgets the section that newer
 * compilers make for the text of a record: it lands in the part that is thrown away after the boot, and KDB faults for
 * ever. Without names nobody knows.
 */
export const showsTraceBuffer = (kernel: Buffer): boolean =>
  elfSymbols(kernel, { variables: true }).some(
    ({ name, address }) => textOfRecord.test(name) && address >= kernelArea,
  )
