import { elfSections } from './elf-sections.ts'

/**
 * What the compilers of a 32-bit ELF file wrote into its `.comment` section, each once, such as
 * `GCC: (Debian 12.2.0-14) 12.2.0`. Never throws: a file that is cut off or no ELF file has none.
 */
export const elfCompilers = (bytes: Buffer): readonly string[] => {
  try {
    const texts = elfSections(bytes)
      .filter(({ name }) => name === '.comment')
      .flatMap(({ offset, size }) => bytes.toString('latin1', offset, offset + size).split('\0'))
    return [...new Set(texts.map((it) => it.trim()))].filter((it) => it !== '')
  } catch {
    return []
  }
}
