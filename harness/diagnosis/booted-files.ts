import { isElfDefect, parseElf } from '../formats/elf.ts'
import type { BootedFile } from './address-map.ts'
import { bootedPrograms, isFileOf, type BootedProgram } from './booted-programs.ts'
import {
  isLoadedFrom,
  loadedModules,
  namedByLoader,
  plainLines,
  type LoadedModule,
} from './load-lines.ts'

/** Which files were booted, by what the log says of them. */
export interface BootedFiles<File extends BootedFile> {
  readonly files: readonly (File & { readonly runsAsKernel: boolean })[]
  /** One sentence each where the log names what no file is. */
  readonly notes: readonly string[]
}

/**
 * Picks the files that a log's boot loaded: those that agree with kickstart's load lines or with the debugger's boot
 * information; of several, those that GRUB or the boot information names; without any of these, all.
 */
export const bootedFiles = <File extends BootedFile>(
  text: string,
  files: readonly File[],
): BootedFiles<File> => {
  const lines = plainLines(text)
  const programs = bootedPrograms(lines)
  const names = [...namedByLoader(lines), ...programs.map((it) => it.name)]
  const named = <F extends BootedFile>(some: readonly F[]): readonly F[] => {
    const known = some.filter(({ name }) => names.includes(baseName(name)))
    return known.length === 0 ? some : known
  }
  const modules = loadedModules(lines)
  if (modules.length === 0 && programs.length > 0) {
    const kernels = files.filter(isKernel)
    const found = programs.map((program) => ({
      program,
      files: named(files.filter(({ bytes }) => isFileOf(program, bytes))),
    }))
    return {
      files: [
        ...named(kernels).map((it) => ({ ...it, runsAsKernel: true })),
        ...found.flatMap((it) => it.files.map((file) => ({ ...file, runsAsKernel: false }))),
      ],
      notes: found.flatMap((it) =>
        files.length === 0 || it.files.length > 0 ? [] : missingProgram(it.program),
      ),
    }
  }
  if (modules.length === 0)
    return { files: named(files).map((it) => ({ ...it, runsAsKernel: isKernel(it) })), notes: [] }
  const found = modules.map((module) => {
    const fitting = files.filter(({ bytes }) => isLoadedFrom(module, bytes))
    const whole = fitting.filter(({ bytes }) => bytes.length === module.size)
    return { module, isWhole: whole.length > 0, files: named(whole.length > 0 ? whole : fitting) }
  })
  return {
    files: found.flatMap(({ module, files: its }) =>
      its.map((it) => ({ ...it, runsAsKernel: module.role === 'kernel' })),
    ),
    notes: found.flatMap(({ module, isWhole, files: its }) =>
      files.length === 0 || isWhole
        ? []
        : its.length === 0
          ? missing(module)
          : resized(module, its),
    ),
  }
}

const resized = ({ role, size }: LoadedModule, files: readonly BootedFile[]): string =>
  `${files.map(({ name, bytes }) => `${name} (${bytes.length} bytes)`).join(', ')} is taken for the ${role}, whose file had ${size} bytes: it is linked alike, but stripped or from another build.`

const missing = ({ role, size, entry }: LoadedModule): string =>
  `None of the files is the ${role} that was booted: the log says that it has ${size} bytes and begins at 0x${entry.toString(16)}.`

const missingProgram = ({ name, entry }: BootedProgram): string =>
  `None of the files is ${name} as it was booted: the boot information says that it begins at 0x${entry.toString(16)}.`

const isKernel = ({ bytes, runsAsKernel }: BootedFile): boolean => {
  if (runsAsKernel !== undefined) return runsAsKernel
  const elf = parseElf(bytes)
  return !isElfDefect(elf) && elf.segments.some((it) => it.virtual !== it.physical)
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
