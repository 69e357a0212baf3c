import { elfSections } from './elf-sections.ts'

/** System V ABI, chapter 4: a section whose bytes are in the file. */
const programBits = 1

/**
 * Whether a 32-bit ELF file has debug information of its own, and refers to no other file for a part of it. Never throws.
 * Sources: DWARF 4, section 7.3; GNU binutils, bfd/dwarf2.c.
 */
export const hasOwnLines = (bytes: Buffer): boolean => {
  try {
    const sections = elfSections(bytes)
    const has = (name: string) => sections.some((it) => it.name === name && it.kind === programBits)
    return has('.debug_info') && !sections.some(({ name }) => name === '.gnu_debugaltlink')
  } catch {
    return false
  }
}
